//! Matches people of two directories one to one, and explains why. Pure.
