//! Day routes: exact where it can be proven, best found with a bound above that.
