"""The eager control: everything it learns is a line of a log, and what to do next follows from all lines together.

``log.py`` the lines and the facts they add up to · ``deciding.py`` facts → the next act, and facts → the belief ·
``saying.py`` its messages, as full as the tables allow · ``shop.py`` the tasks and the timer · ``acts.py``
``counter.py`` one exchange each · ``goods.py`` ``shelf.py`` what leaves a shop and what comes in, a message a pack ·
``saying_goods.py`` what is said of it.
"""
