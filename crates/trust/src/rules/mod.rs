//! One file a family of rules. Each takes what it needs and gives findings.

pub(crate) mod clock;
pub(crate) mod device;
pub(crate) mod fields;
pub(crate) mod jumps;
pub(crate) mod motion;
pub(crate) mod noise;
pub(crate) mod proof;
pub(crate) mod visit;
