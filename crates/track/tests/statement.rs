//! The statement of a month: the same input in any order, in copies and in parts gives the same bytes; nothing
//! from outside working time enters it; its sums are the sums of its rows.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use base::{LocalDay, Micros, problem::Lang};
use geo::{LngLat, destination};
use proptest::prelude::*;
use track::{
    Fix, Input, Rules, VisitSpan, Window, day,
    statement::{
        Export, ExportDay, ExportPlace, FORMAT, Person, Position, Statement, WithheldReason, csv, statement,
    },
};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const SHOP: Uuid = Uuid::from_u128(7);

fn shop() -> LngLat {
    LngLat::new(118.8, 32.0).unwrap()
}

fn the_day(n: i8) -> LocalDay {
    LocalDay::new(2026, 11, n).unwrap()
}

/// Nine o'clock in Shanghai, Unix milliseconds.
fn nine(n: i8) -> i64 {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    the_day(n).at_minute(540, &zone).0 / 1000
}

/// A stay at the shop, a drive at 12 m/s, a stay, from nine on; one fix every ten seconds.
fn morning(n: i8, minutes: i64) -> Vec<Fix> {
    let (mut place, mut fixes) = (shop(), vec![]);
    for s in 0..(20 + minutes) * 60 {
        let driving = (600..600 + minutes * 60).contains(&s);
        if driving {
            place = destination(place, 40.0, 12.0);
        }
        if s % 10 == 0 {
            fixes.push(Fix {
                acc_m: Some(6.0),
                speed_mps: Some(if driving { 12.0 } else { 0.0 }),
                ..Fix::new(nine(n) + s * 1000, place)
            });
        }
    }
    fixes
}

fn export(days: Vec<ExportDay>) -> Export {
    Export {
        format: FORMAT.to_owned(),
        company: "惠民饮品".into(),
        person: Person {
            id: Uuid::from_u128(1),
            name: "张伟".into(),
            code: Some("A7".into()),
            department: "一区".into(),
        },
        month: "2026-11".into(),
        time_zone: "Asia/Shanghai".into(),
        rules: Rules::default(),
        days,
    }
}

fn work_day(n: i8, fixes: &[Fix]) -> ExportDay {
    let (lng_e7, lat_e7) = shop().e7();
    ExportDay {
        duty: vec![Window::new(nine(n), nine(n) + 480 * MINUTE)],
        refused: BTreeMap::from([("off_duty".to_owned(), 12)]),
        visits: vec![VisitSpan { place: SHOP, from_ms: nine(n), to_ms: nine(n) + 8 * MINUTE }],
        places: vec![ExportPlace { id: SHOP, name: "苏福便利".into(), lng_e7, lat_e7, radius_m: 150 }],
        positions: fixes.iter().map(Position::of).collect(),
        ..ExportDay::empty(the_day(n))
    }
}

fn made(export: &Export) -> Statement {
    statement(Export::from_json(&export.json()).unwrap()).unwrap()
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// The same input another way: days cut into parts, windows cut and overlapping, everything in copies, nothing in order.
fn disturbed(export: &Export, seed: u64) -> Export {
    let mut dice = Dice(seed | 1);
    let mut days = vec![];
    for day in &export.days {
        let parts = 1 + dice.below(3);
        let mut pieces = vec![ExportDay { duty: vec![], positions: vec![], ..day.clone() }; parts];
        for w in &day.duty {
            let cut = w.from_ms + (w.to_ms - w.from_ms) / (2 + dice.below(3) as i64);
            let early = Window::new(w.from_ms, (cut + MINUTE).min(w.to_ms));
            pieces[dice.below(parts)].duty.extend([Window::new(cut, w.to_ms), early]);
        }
        for p in &day.positions {
            for _ in 0..1 + dice.below(2) {
                pieces[dice.below(parts)].positions.push(*p);
            }
        }
        for piece in &mut pieces {
            dice.shuffle(&mut piece.positions);
            piece.visits.extend(day.visits.clone());
            piece.places.extend(day.places.clone());
        }
        days.extend(pieces);
    }
    dice.shuffle(&mut days);
    Export { days, ..export.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn order_copies_and_parts_change_no_byte(
        lengths in prop::collection::vec(0i64..25, 1..4),
        private in prop::collection::vec((0i64..40, 1i64..30), 0..3),
        wild in prop::collection::vec((0i64..480, -180.0..180.0f64, -90.0..90.0f64), 0..12),
        seed in any::<u64>(),
    ) {
        let day_of = |k: usize, minutes: i64| {
            let n = 2 + k as i8;
            let mut fixes = morning(n, minutes);
            fixes.extend(wild.iter().map(|(m, lng, lat)| Fix::new(nine(n) + m * MINUTE, LngLat::new(*lng, *lat).unwrap())));
            let mut day = work_day(n, &fixes);
            day.private = private.iter().map(|(a, len)| Window::new(nine(n) + a * MINUTE, nine(n) + (a + len) * MINUTE)).collect();
            day
        };
        let plain = export(lengths.iter().enumerate().map(|(k, m)| day_of(k, *m)).collect());
        let other = disturbed(&plain, seed);
        let (one, two) = (made(&plain), made(&other));
        prop_assert_eq!(one.json(), two.json());
        for lang in [Lang::Zh, Lang::En] {
            prop_assert_eq!(csv(&one, lang), csv(&two, lang));
        }
        prop_assert_eq!(plain.canonical().json(), other.canonical().json());
        prop_assert_eq!(one.totals.counted_m, one.days.iter().map(|d| d.counted_m).sum::<i64>());
        for d in &one.days {
            let trips: i64 = d.trips.iter().filter(|t| t.counted).map(|t| t.meters).sum();
            prop_assert!((d.counted_m - trips).abs() <= d.trips.len() as i64, "rounding only");
        }
    }
}

#[test]
fn the_hash_is_that_of_the_canonical_file() {
    use sha2::Digest;
    let plain = export(vec![work_day(20, &morning(20, 15))]);
    let made = made(&plain);
    assert_eq!(made.input_sha256, hex::encode(sha2::Sha256::digest(plain.clone().canonical().json())));
    // and a day's hash is the one the day engine gives to the same day
    let given = &plain.days[0];
    let places = [track::Place { id: SHOP, at: shop(), radius_m: 150.0 }];
    let own = morning(20, 15);
    let input =
        Input { fixes: &own, duty: &given.duty, visits: &given.visits, places: &places, ..Input::default() };
    let whole = day(&input, &Rules::default());
    assert_eq!(made.days[0].input_sha256, whole.input_sha256);
    assert_eq!(made.days[0].counted_m, whole.counted_m.round() as i64);
    assert!((made.days[0].counted_m as f64 / 10_800.0 - 1.0).abs() < 0.01, "{}", made.days[0].counted_m);
}

#[test]
fn one_more_position_changes_the_hash() {
    let plain = export(vec![work_day(20, &morning(20, 15))]);
    let mut more = plain.clone();
    more.days[0].positions.push(Position::of(&Fix::new(nine(20) + 5, shop())));
    assert_ne!(made(&plain).input_sha256, made(&more).input_sha256);
    let mut rules = plain.clone();
    rules.rules.detour = 1.3;
    assert_ne!(made(&plain).input_sha256, made(&rules).input_sha256);
}

#[test]
fn what_was_not_to_be_recorded_is_in_neither_file_nor_figure() {
    let fixes = morning(20, 30);
    let mut away = work_day(20, &fixes);
    let private = Window::new(nine(20) + 15 * MINUTE, nine(20) + 25 * MINUTE);
    away.private = vec![private];
    away.leave = vec![Window::new(nine(20) + 240 * MINUTE, nine(20) + 480 * MINUTE)];
    away.refused.insert("private".into(), 60);
    away.positions.push(Position::of(&Fix::new(nine(20) - 5 * MINUTE, shop())));
    let plain = export(vec![away]);
    let kept = plain.clone().canonical();
    let without: Vec<Fix> = fixes.iter().copied().filter(|f| !private.contains(f.t_ms)).collect();
    assert_eq!(kept.days[0].positions, without.iter().map(Position::of).collect::<Vec<_>>());

    let day = &made(&plain).days[0];
    // twenty of thirty minutes at 12 m/s
    assert!((day.counted_m - 14_400).abs() < 400, "{}", day.counted_m);
    assert_eq!((day.excluded_m, day.refused["private"]), (0, 60));
    assert_eq!(day.duty_s, (240 - 10) * 60);
    let told: Vec<(WithheldReason, i64)> =
        day.withheld.iter().map(|w| (w.reason, (w.to.0 - w.from.0) / Micros::MINUTE)).collect();
    use WithheldReason::{Leave, OffDuty, Private};
    assert_eq!(told, [(OffDuty, 540), (Private, 10), (Leave, 240), (OffDuty, 420)]);
    // nothing is known of the rest of the morning
    assert_eq!(day.unknown_s, day.gap_s);
    assert!(day.gap_s > 0);
    let text = String::from_utf8(csv(&made(&plain), Lang::Zh)).unwrap();
    for words in ["私人行程", "请假", "非工作时间", "张伟 A7", "苏福便利", "拒收"] {
        assert!(text.contains(words), "{words} is missing:\n{text}");
    }
}

#[test]
fn a_day_that_is_not_over_says_so_and_tells_nothing_of_its_rest() {
    let mut today = work_day(20, &morning(20, 15));
    (today.open, today.duty[0].to_ms) = (true, nine(20) + 60 * MINUTE);
    let made = made(&export(vec![today]));
    assert_eq!((made.totals.open_days, made.totals.duty_s), (1, 3600));
    assert!(made.days[0].withheld.iter().all(|w| w.from < made.days[0].duty[0].from));
}

#[test]
fn trips_name_the_customers_at_their_ends() {
    let made = made(&export(vec![work_day(20, &morning(20, 15))]));
    let trip = &made.days[0].trips[0];
    assert_eq!((trip.from_place.as_deref(), trip.to_place.as_deref()), (Some("苏福便利"), None));
    assert!(trip.counted);
}

#[test]
fn names_are_no_formulas() {
    let mut day = work_day(20, &morning(20, 15));
    day.places[0].name = "=HYPERLINK(1)".into();
    let mut export = export(vec![day]);
    export.company = "=cmd()".into();
    let text = String::from_utf8(csv(&made(&export), Lang::En)).unwrap();
    for line in text.lines() {
        assert!(
            line.trim_start_matches('\u{feff}').split(',').all(|c| !c.trim_matches('"').starts_with('=')),
            "{line}"
        );
    }
}

#[test]
fn what_is_no_export_is_refused_with_a_reason() {
    let good = export(vec![work_day(20, &[])]);
    let read = |e: &Export| Export::from_json(&e.json()).map(|_| ()).map_err(|e| e.to_string());
    assert_eq!(read(&good), Ok(()));
    for (bad, word) in [
        (Export { format: "tashi-statement-9".into(), ..good.clone() }, "form"),
        (Export { month: "2026-13".into(), ..good.clone() }, "month"),
        (Export { time_zone: "Mars/Base".into(), ..good.clone() }, "zone"),
        (Export { month: "2026-10".into(), ..good.clone() }, "belong"),
    ] {
        let reason = read(&bad).unwrap_err();
        assert!(reason.contains(word), "{reason}");
    }
    assert!(Export::from_json(b"{}").is_err());
    let mut odd = serde_json::to_value(&good).unwrap();
    odd["surprise"] = serde_json::json!(1);
    assert!(Export::from_json(odd.to_string().as_bytes()).is_err());
    // windows and positions that make no sense neither break nor count
    let mut wild = good;
    wild.days[0].duty.push(Window::new(i64::MAX, i64::MIN));
    wild.days[0].private.push(Window::new(i64::MIN, i64::MAX));
    let text = String::from_utf8(wild.json()).unwrap().replace("\"positions\":[]", "\"positions\":[[1,99999999999,1,null,null,null,null,0,null],[9223372036854775807,1,1,-1,-1,-1,-1,0,\"still\"]]");
    let made = statement(Export::from_json(text.as_bytes()).unwrap()).unwrap();
    assert_eq!((made.totals.counted_m, made.days[0].positions), (0, 0));
}
