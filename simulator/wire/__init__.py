"""The wire: canonical text, SM2, SM3, SM4, one module per outer frame, and the transport seam.

Shared by the platform and by every channel; imports the crypto library and ``schemas`` only.
"""
