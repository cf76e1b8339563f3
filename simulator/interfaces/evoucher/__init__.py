"""The e-voucher: reading a code, and the consent behind payAuthNo."""
