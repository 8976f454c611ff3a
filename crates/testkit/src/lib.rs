//! A running app on both engines with a clock under control.
