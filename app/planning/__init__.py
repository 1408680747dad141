"""Plans that somebody chose, with owners and dates, and what a later diagnosis says about them."""
