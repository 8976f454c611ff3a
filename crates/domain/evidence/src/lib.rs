//! Photos as proof: originals, stamped copies, upload.

pub mod picture;
