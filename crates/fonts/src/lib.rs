//! The typefaces the program writes with: on photos and in printed documents. Cut out of Noto Sans CJK SC
//! (SIL Open Font License, `assets/OFL.txt`) by `assets/make-fonts.py`.

/// ASCII, Latin, punctuation, all 6 763 characters of GB 2312 and more that names of people and places use. OpenType with
/// CFF outlines.
pub static REGULAR: &[u8] = include_bytes!("../assets/stamp-regular.otf");

/// Digits and ASCII, bold.
pub static BOLD: &[u8] = include_bytes!("../assets/stamp-bold.otf");
