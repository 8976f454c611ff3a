//! Photos as proof: originals, stamped copies, upload.
