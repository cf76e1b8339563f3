"""The mock national medical-insurance platform, as an online drug-buying channel sees it."""
