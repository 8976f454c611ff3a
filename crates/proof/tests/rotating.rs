//! Codes that change with time, against the published vectors.

use proof::rotating::{digits, find, printed, turn_at};

/// RFC 6238, appendix B, the rows of SHA-256.
const SECRET: &[u8] = b"12345678901234567890123456789012";
const VECTORS: [(i64, &str); 6] = [
    (59, "46119246"),
    (1_111_111_109, "68084774"),
    (1_111_111_111, "67062674"),
    (1_234_567_890, "91819424"),
    (2_000_000_000, "90698825"),
    (20_000_000_000, "77737706"),
];

#[test]
fn the_vectors_of_rfc_6238_hold() {
    for (seconds, expected) in VECTORS {
        assert_eq!(digits(SECRET, turn_at(seconds)), expected, "at {seconds}");
    }
}

#[test]
fn a_code_is_found_in_its_time_only() {
    let turn = turn_at(1_234_567_890);
    assert_eq!(find(SECRET, "91819424", turn - 2, turn + 2), Some(turn));
    assert_eq!(find(SECRET, "91819424", turn + 1, turn + 3), None);
    assert_eq!(find(SECRET, "91819425", turn - 2, turn + 2), None);
    assert_eq!(find(b"another secret of thirty-two byte", "91819424", turn - 2, turn + 2), None);
    for wrong in ["", "9181942", "918194240", "９１８１９４２４", "abcdefgh", "-1819424"] {
        assert_eq!(find(SECRET, wrong, turn - 2, turn + 2), None, "{wrong}");
    }
    // A stretch nobody should ask about ends all the same.
    assert_eq!(
        find(SECRET, "00000000", i64::MIN, i64::MIN + 3),
        find(SECRET, "00000000", i64::MIN, i64::MIN + 3)
    );
}

#[test]
fn a_sheet_says_the_same_word_always_and_another_one_for_each_secret() {
    assert_eq!(printed(SECRET), printed(SECRET));
    assert_ne!(printed(SECRET), printed(b"another"));
    assert_eq!(printed(SECRET).len(), 16);
}
