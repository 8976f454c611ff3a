//! Is this the code of this customer, and was it shown then? The decision is pure; it is given what the store knows.

use base::Micros;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{Query, Result};
use proof::rotating;
use uuid::Uuid;

use super::{CodeKind, PREFIX, sql};
use crate::visits::{ProofDetail, ProofState};

/// A screen's or a phone's clock may be off by so much.
const TOLERANCE: i64 = 90 * Micros::SECOND;
/// When nothing bounds the moment closer, the phone's own word for it is held to within so much.
const LOOSE: i64 = 10 * Micros::MINUTE;
/// A moment that seals bind this closely needs no word of the phone.
const CLOSE: i64 = 2 * Micros::HOUR;

/// What a phone read, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read<'a> {
    pub said: &'a str,
    pub said_at: Micros,
    /// It was certainly read between these.
    pub between: (Micros, Micros),
    /// The phone's seals say so, not only when it came in.
    pub sealed: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub state: ProofState,
    pub detail: ProofDetail,
    /// The code and the turn it was.
    pub used: Option<(Uuid, i64)>,
}

impl Judged {
    fn failed(detail: ProofDetail) -> Judged {
        Judged { state: ProofState::Failed, detail, used: None }
    }
}

/// Takes what was scanned or typed apart: the code's id, if it names one, and its word.
fn parts(said: &str) -> (Option<Uuid>, String) {
    let text = said.trim();
    let named = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':'));
    match named {
        Some((id, word)) => (id.parse().ok(), word.trim().to_ascii_lowercase()),
        // Typed from a screen or a sheet, in groups.
        None => {
            (None, text.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_ascii_lowercase())
        }
    }
}

/// The turns a code may have been shown in.
fn turns(read: &Read<'_>) -> (i64, i64) {
    let (from, to) = read.between;
    let (from, to) = (from.0.min(to.0), to.0);
    let (from, to) = if read.sealed && to - from <= CLOSE {
        (from, to)
    } else {
        // The word of the phone alone, held between what is certain.
        let said = read.said_at.0.clamp(from, to);
        ((said - LOOSE).max(from), (said + LOOSE).min(to))
    };
    let turn = |t: i64| rotating::turn_at(t.div_euclid(Micros::SECOND));
    (turn(from - TOLERANCE), turn(to + TOLERANCE))
}

/// Judges a code of one customer. Pure.
fn weigh(known: &sql::SecretRow, word: &str, read: &Read<'_>) -> Option<Judged> {
    let secret = URL_SAFE_NO_PAD.decode(&known.secret).ok()?;
    let (judged, read_at) = if known.kind == CodeKind::Printed.key() {
        let same = rotating::printed(&secret) == word;
        let judged = Judged { state: ProofState::Weak, detail: ProofDetail::Printed, used: None };
        (
            same.then_some(judged)?,
            read.said_at.0.clamp(read.between.0.0.min(read.between.1.0), read.between.1.0),
        )
    } else {
        let (from, to) = turns(read);
        let turn = rotating::find(&secret, word, from, to)?;
        let used = Some((known.id, turn));
        let read_at = turn * rotating::TURN_S * Micros::SECOND;
        // Brought long after, with nobody's word but the phone's for when it was read: it may be a picture sent to him.
        let late = !read.sealed && read.between.1.0 - read_at > LOOSE;
        let state = if late { ProofState::Weak } else { ProofState::Held };
        (Judged { state, detail: ProofDetail::Rotating, used }, read_at)
    };
    let withdrawn = known.withdrawn_at.is_some_and(|t| read_at > t.0 + TOLERANCE);
    Some(if withdrawn { Judged::failed(ProofDetail::Withdrawn) } else { judged })
}

/// Judges what was read at a customer.
pub(crate) async fn judge(q: &mut impl Query, customer: Uuid, read: Read<'_>) -> Result<Judged> {
    let (id, word) = parts(read.said);
    let known = match id {
        Some(id) => sql::secret(q, id).await?.into_iter().collect(),
        None => sql::secrets_of(q, customer).await?,
    };
    if known.is_empty() {
        return Ok(Judged::failed(ProofDetail::Unknown));
    }
    if known.iter().all(|k| k.customer_id != customer) {
        return Ok(Judged::failed(ProofDetail::OtherCustomer));
    }
    let all: Vec<Judged> = known.iter().filter_map(|k| weigh(k, &word, &read)).collect();
    let best = all.iter().find(|j| j.state != ProofState::Failed).or(all.first());
    Ok(best.copied().unwrap_or(Judged::failed(ProofDetail::WrongTime)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890123456789012";
    /// When RFC 6238 says the digits are 91819424.
    const THEN: i64 = 1_234_567_890;

    fn known(kind: CodeKind, withdrawn_at: Option<Micros>) -> sql::SecretRow {
        sql::SecretRow {
            id: Uuid::nil(),
            customer_id: Uuid::nil(),
            kind: kind.key().into(),
            secret: URL_SAFE_NO_PAD.encode(SECRET),
            withdrawn_at,
        }
    }

    fn read(said_s: i64, from_s: i64, to_s: i64) -> Read<'static> {
        let at = Micros::from_seconds;
        Read { said: "", said_at: at(said_s), between: (at(from_s), at(to_s)), sealed: true }
    }

    fn weighed(read: &Read<'_>) -> Option<ProofState> {
        weigh(&known(CodeKind::Rotating, None), "91819424", read).map(|j| j.state)
    }

    #[test]
    fn a_code_counts_in_its_own_time_with_some_tolerance() {
        assert_eq!(weighed(&read(THEN, THEN - 5, THEN + 5)), Some(ProofState::Held));
        assert_eq!(weighed(&read(THEN + 80, THEN + 75, THEN + 85)), Some(ProofState::Held));
        assert_eq!(
            weighed(&read(THEN + 200, THEN + 190, THEN + 210)),
            None,
            "a picture of it, three minutes later"
        );
    }

    #[test]
    fn offline_the_seal_decides_and_without_one_the_word_of_the_phone_within_minutes() {
        // The phone's clock is an hour slow, its seals say when it was.
        assert_eq!(weighed(&read(THEN - 3600, THEN - 600, THEN + 600)), Some(ProofState::Held));
        // Days between what is certain: no guessing through all of them.
        let day = 86_400;
        assert_eq!(weighed(&read(THEN + 300, THEN - 2 * day, THEN + 2 * day)), Some(ProofState::Held));
        assert_eq!(weighed(&read(THEN + 3600, THEN - 2 * day, THEN + 2 * day)), None);
        // Without seals it proves less when it comes late.
        let unsealed = |to: i64| Read { sealed: false, ..read(THEN, THEN - 3600, to) };
        assert_eq!(weighed(&unsealed(THEN + 60)), Some(ProofState::Held));
        assert_eq!(weighed(&unsealed(THEN + 3600)), Some(ProofState::Weak));
    }

    #[test]
    fn a_withdrawn_code_counts_for_what_was_read_before() {
        let at = Micros::from_seconds;
        let near = read(THEN, THEN - 5, THEN + 5);
        let judged =
            |withdrawn: i64| weigh(&known(CodeKind::Rotating, Some(at(withdrawn))), "91819424", &near);
        assert_eq!(judged(THEN + 60).map(|j| j.state), Some(ProofState::Held));
        assert_eq!(judged(THEN - 3600).map(|j| j.detail), Some(ProofDetail::Withdrawn));
    }

    #[test]
    fn a_sheet_proves_less_and_is_read_in_any_spelling() {
        let word = rotating::printed(SECRET);
        let near = read(THEN, THEN - 5, THEN + 5);
        let judged = weigh(&known(CodeKind::Printed, None), &word, &near);
        assert_eq!(judged.map(|j| (j.state, j.used)), Some((ProofState::Weak, None)));
        assert_eq!(parts(" 9181 9424 ").1, "91819424");
        let id = Uuid::nil();
        assert_eq!(parts(&format!("{PREFIX}{id}:91819424")), (Some(id), "91819424".into()));
        assert_eq!(parts("tashi-code:nonsense"), (None, "tashicode:nonsense".into()));
    }
}
