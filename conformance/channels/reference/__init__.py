"""The reference channel: sound, small, and meant to be read by who builds a channel of his own.

The path of an online order (``online.py``, then ``unknown.py``)::

    storefront ── place_order ──▶ channel
      consent    house.auth.query: has the buyer consented? no → wait and ask again        authStas 0 / 1
      identify   1101 with the consent as certificate: who pays, where insured
      upload     6201: the basket under our own serial medOrgOrd                            ordStas 0
      place      6202: the platform freezes the split, we check that it adds up             ordStas 1
      cash       the cash desk is opened for the cash share and the freight
      (the buyer confirms on the e-voucher page, out of our sight)
      inbox      6302 arrives: verified, matched, stored, then acknowledged; only a hint
      ask        6301: what is true. 4, 5, 6 → desk: did the cash desk collect?             → paid
    undo: ask first, then 6401 (unpaid) or 6203 and the cash desk (paid): ``refunds.py``

At the counter (``counter.py``): 1101, 2101, 2102; 2103 takes back what is known, 2601 what is not.

Five habits carry all of it:

1. Write down before you send. An order in the notebook names the message whose answer is missing and what to do when
   none comes, so a process killed at any line goes on where it stood (``walking.tell``).
2. Silence proves nothing. Ask before repeating; repeat under the same serial where the platform knows it by that
   serial (6201, 6203), under a new one where it demands so (6202) (``walking.AFTER_SILENCE``).
3. Trust only what is signed, whole, about your own question, and adds up (``calling``, ``sealing``, ``money``).
4. Say "in doubt" while you are. Goods leave only on certainty (``beliefs.py``).
5. Patience has an end. Declared pauses, the platform's Retry-After honoured, then a person (``settings.py``).

Files: ``channel.py`` the tasks · ``orders.py`` the record · ``notebook.py`` the durable notes · ``walking.py`` how an
order moves · ``composing.py`` what is said · ``calling.py`` ``sealing.py`` how it is sent and heard · ``parts.py``
``sound.py`` every behaviour that could be wrong, as a replaceable part · ``over_http.py`` a socket · ``adapter/`` the
program that lets the certifying suite drive it.
"""
