"""7205: is the file the one the hospital signed."""

from simulator.domain.ports import Unit
from simulator.domain.prescriptions import verify
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The serial the pharmacist's review must name, and whose certificate signed (a test certificate)."""
    rx = verify(unit, call.data, call.org_codg)
    return {
        "flag": True, "rxSignVerifySn": rx.rx_sign_verify_sn, "signCertSn": f"TEST-{rx.hospital}",
        "signCertDn": f"CN={rx.hospital_name},O=TEST,C=CN",
    }  # fmt: skip
