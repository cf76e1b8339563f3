"""The drug catalogue and what an institution calls its drugs."""
