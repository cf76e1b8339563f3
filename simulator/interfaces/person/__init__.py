"""Who a person is and what they are entitled to."""
