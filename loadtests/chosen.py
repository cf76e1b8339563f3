"""Which channel works the desks: the sound reference, or a broken twin of it, to see that the auditor would notice."""

from conformance.channels.mutants.registry import mutants
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.sound import SOUND
from loadtests.load_profile import ProfileError

REFERENCE = "reference"
_MUTANT = "mutant:"


def parts_of(channel: str) -> Parts:
    """The parts of ``reference`` or ``mutant:NAME``.

    Raises:
        ProfileError: neither, or no mutant of that name.
    """
    if channel == REFERENCE:
        return SOUND
    name = channel.removeprefix(_MUTANT)
    known = mutants()
    if not channel.startswith(_MUTANT) or name not in known:
        listed = ", ".join(known)
        raise ProfileError(
            f"没有渠道 {channel}；应为 reference 或 mutant:名称，名称有：{listed}",
            f"no channel {channel!r}; give reference or mutant:NAME, one of: {listed}",
        )
    return known[name].change(SOUND)
