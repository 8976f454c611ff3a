//! Seals of phones: every changed byte is found, order is kept, sending again changes nothing, and clocks bound the truth.
#![expect(clippy::unwrap_used, reason = "a test")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proof::seal::{self, Between, Broken, Head, Heard, Known, Link, NOTHING_BEFORE, SealedItem, Statement};
use proptest::prelude::*;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};

const OWNER: &str = "01900000-0000-7000-8000-000000000001";

struct Phone {
    pair: EcdsaKeyPair,
    rng: SystemRandom,
}

impl Phone {
    fn new() -> Phone {
        let rng = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &rng).unwrap();
        Phone { pair, rng }
    }

    fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn statement(&self, seq: i64, prev: &str) -> Statement {
        Statement {
            v: 1,
            key: seal::digest(self.public()),
            owner: OWNER.into(),
            seq,
            prev: prev.into(),
            wall: 1_800_000_000_000 + seq * 60_000,
            mono: 5_000 + seq * 60_000,
            origin: "a".into(),
            heard: Some(Heard { nonce: "n".into(), wall: 1_800_000_000_000, mono: Some(5_000) }),
            items: vec![SealedItem { id: format!("item-{seq}"), sha256: "0".repeat(64), mono: Some(5_000) }],
        }
    }

    fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.sign(&self.rng, text.as_bytes()).unwrap())
    }

    /// A chain of so many seals: texts and signatures.
    fn chain(&self, seals: i64) -> Vec<(String, String)> {
        let mut prev = NOTHING_BEFORE.to_owned();
        (0..seals)
            .map(|seq| {
                let text = serde_json::to_string(&self.statement(seq, &prev)).unwrap();
                prev = seal::digest(text.as_bytes());
                (text.clone(), self.sign(&text))
            })
            .collect()
    }
}

/// Places a whole chain; answers how each was placed.
fn place(phone: &Phone, seals: &[(String, String)]) -> Vec<Result<Link, Broken>> {
    let (mut head, mut held) = (None::<Head>, std::collections::HashMap::new());
    seals
        .iter()
        .map(|(text, signature)| {
            let s = seal::open(text, signature, phone.public(), OWNER)?;
            let digest = seal::digest(text.as_bytes());
            let known = held.get(&s.seq).map(String::as_str);
            let link = seal::link(head.as_ref(), known, s.seq, &s.prev, &digest);
            if matches!(link, Link::Next | Link::Gap(_)) {
                head = Some(Head { seq: s.seq, digest: digest.clone() });
            }
            held.entry(s.seq).or_insert(digest);
            Ok(link)
        })
        .collect()
}

#[test]
fn an_honest_chain_holds_and_may_be_sent_again() {
    let phone = Phone::new();
    let chain = phone.chain(6);
    assert_eq!(place(&phone, &chain), vec![Ok(Link::Next); 6]);
    let again: Vec<_> = chain.iter().chain(&chain).cloned().collect();
    assert_eq!(place(&phone, &again)[6..], vec![Ok(Link::Again); 6]);
}

#[test]
fn what_is_missing_forked_or_foreign_is_said() {
    let phone = Phone::new();
    let chain = phone.chain(6);
    let gap = [chain[0].clone(), chain[1].clone(), chain[4].clone(), chain[2].clone()];
    assert_eq!(place(&phone, &gap), [Ok(Link::Next), Ok(Link::Next), Ok(Link::Gap(2)), Ok(Link::Late)]);
    assert_eq!(place(&phone, &chain[2..3]), [Ok(Link::Gap(2))]);
    // The same number twice, and one that goes on from another chain.
    let other = serde_json::to_string(&phone.statement(1, NOTHING_BEFORE)).unwrap();
    let fork = (other.clone(), phone.sign(&other));
    assert_eq!(place(&phone, &[chain[0].clone(), fork.clone()]), [Ok(Link::Next), Ok(Link::Fork)]);
    assert_eq!(place(&phone, &[chain[0].clone(), chain[1].clone(), fork])[2], Ok(Link::Fork));
    let stranger = Phone::new();
    assert_eq!(place(&stranger, &chain[..1]), [Err(Broken::Signature)]);
    let (text, signature) = &chain[0];
    assert_eq!(seal::open(text, signature, phone.public(), "somebody else"), Err(Broken::Foreign));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_changed_byte_is_found(seals in 1_i64..4, which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0_u8..7) {
        let phone = Phone::new();
        let mut chain = phone.chain(seals);
        let k = which.index(chain.len());
        let mut bytes = chain[k].0.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assume!(String::from_utf8(bytes.clone()).is_ok());
        chain[k].0 = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(place(&phone, &chain)[k], Err(Broken::Signature));
    }

    #[test]
    fn any_order_but_the_honest_one_is_seen(seals in 2_usize..6, swap in any::<prop::sample::Index>()) {
        let phone = Phone::new();
        let mut chain = phone.chain(seals as i64);
        let k = swap.index(seals - 1);
        chain.swap(k, k + 1);
        let placed = place(&phone, &chain);
        prop_assert!(placed.iter().any(|p| matches!(p, Ok(Link::Gap(_) | Link::Late))), "{:?}", placed);
    }

    /// Whatever the phone slept, the truth lies between: the counting clock stands still in sleep and never runs fast.
    #[test]
    fn the_truth_lies_between(awake in prop::collection::vec((0_i64..600_000, 0_i64..600_000), 3)) {
        let (mut truth, mut mono) = (1_000_000_i64, 500_i64);
        let mut moments = vec![];
        for (run, sleep) in awake {
            truth += run + sleep;
            mono += run;
            moments.push((truth, mono));
        }
        let [heard, made, sent] = moments[..] else { unreachable!() };
        let s = Statement {
            mono: made.1,
            heard: Some(Heard { nonce: "n".into(), wall: 0, mono: Some(heard.1) }),
            ..Phone::new().statement(0, NOTHING_BEFORE)
        };
        let known = Known { heard_at: Some(heard.0), before: None, received: sent.0 + 300, sent: ("a", sent.1) };
        let between = seal::sealed_between(&s, &known);
        prop_assert!(between.from.unwrap() <= made.0 && made.0 <= between.to, "{:?} {}", between, made.0);
    }
}

#[test]
fn offline_records_lie_between_word_and_receipt() {
    let phone = Phone::new();
    // Heard at 0 s, made at 60 s, sealed at 60 s, sent at 600 s, received at 601 s.
    let mut s = phone.statement(1, NOTHING_BEFORE);
    s.items[0].mono = Some(65_000);
    let known = Known { heard_at: Some(1_000_000), before: None, received: 1_601_000, sent: ("a", 605_000) };
    let between = seal::made_between(&s, &s.items[0], &known);
    assert_eq!(between, Between { from: Some(1_060_000), to: 1_061_000 });
    // After a restart nothing is known of the time in between.
    let restarted = Known { sent: ("b", 10), ..known };
    assert_eq!(
        seal::made_between(&s, &s.items[0], &restarted),
        Between { from: Some(1_060_000), to: 1_601_000 }
    );
    // The clock agrees; set back by an hour, or forward, it does not.
    let at = seal::sealed_between(&s, &known);
    assert_eq!(seal::moved(&s, at, known.heard_at), None);
    let back = Statement { wall: s.wall - 3_600_000, ..s.clone() };
    assert_eq!(seal::moved(&back, at, known.heard_at), Some(-3_600_000));
    let ahead = Statement { wall: s.wall + 3_600_000, ..s };
    assert_eq!(seal::moved(&ahead, at, known.heard_at), Some(3_599_000));
}

#[test]
fn a_clock_that_was_put_right_is_not_moved() {
    let phone = Phone::new();
    // Heard at 1000 s by a clock half an hour slow (or fast), put right before the seal at 1060 s.
    for wrong in [-1_800_000, 1_800_000] {
        let s = Statement {
            wall: 1_060_000,
            mono: 65_000,
            heard: Some(Heard { nonce: "n".into(), wall: 1_000_000 + wrong, mono: Some(5_000) }),
            ..phone.statement(1, NOTHING_BEFORE)
        };
        let known =
            Known { heard_at: Some(1_000_000), before: None, received: 1_070_000, sent: ("a", 65_000) };
        let at = seal::sealed_between(&s, &known);
        assert_eq!(seal::moved(&s, at, known.heard_at), None, "{wrong}");
        // The other way round: right when it heard, wrong now.
        let turned = Statement {
            wall: s.wall + wrong,
            heard: Some(Heard { nonce: "n".into(), wall: 1_000_000, mono: Some(5_000) }),
            ..s
        };
        assert!(seal::moved(&turned, at, known.heard_at).is_some(), "{wrong}");
    }
}

#[test]
fn a_record_left_out_of_the_seal_before_is_not_made_after_it() {
    let phone = Phone::new();
    let mut s = phone.statement(1, NOTHING_BEFORE);
    s.items[0].mono = None;
    let known = Known {
        heard_at: Some(1_000_000),
        before: Some(1_500_000),
        received: 1_601_000,
        sent: ("a", 605_000),
    };
    assert_eq!(seal::sealed_between(&s, &known).from, Some(1_500_000));
    assert_eq!(seal::made_between(&s, &s.items[0], &known).from, None);
}
