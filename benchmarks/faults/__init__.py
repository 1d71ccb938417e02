"""The fault table: every operation of the integration with every fault."""
