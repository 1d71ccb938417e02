"""The provider's API, without Home Assistant.

Knows stdlib, aiohttp, yarl and phonenumbers, and nothing of the house around it.
"""
