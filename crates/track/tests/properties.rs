//! What must hold for any input: order, copies and batches change nothing; nonsense neither breaks nor bends a
//! result; a gap yields no kilometre; the time line adds up.

#![allow(clippy::unwrap_used)]

use geo::{LngLat, destination, distance_m};
use proptest::prelude::*;
use track::{
    Absence, ActivityHint, Day, Fix, GapKind, Input, Place, Rules, Span, State, VisitSpan, Window, day,
    day_from_csv, day_report,
};
use uuid::Uuid;

fn at(lng: f64, lat: f64) -> LngLat {
    LngLat::new(lng, lat).unwrap()
}

const NINE: i64 = 1_764_000_000_000;
const MINUTE: i64 = 60_000;

fn compute(fixes: &[Fix], duty: &[Window]) -> Day {
    day(&Input { fixes, duty, ..Input::default() }, &Rules::default())
}

fn whole(fixes: &[Fix]) -> Day {
    let from = fixes.iter().map(|f| f.t_ms).min().unwrap_or(0);
    let to = fixes.iter().map(|f| f.t_ms).max().unwrap_or(0) + 1;
    compute(fixes, &[Window::new(from, to)])
}

/// A stay of `stay_min` minutes, a drive of `drive_min` minutes at 12 m/s along a gentle curve, a stay again.
fn morning(start: LngLat, step_s: i64, stay_min: i64, drive_min: i64) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let mut place = start;
    let total = (2 * stay_min + drive_min) * 60;
    let mut bearing = 40.0f64;
    for s in 0..total {
        let driving = (stay_min * 60..(stay_min + drive_min) * 60).contains(&s);
        if driving {
            place = destination(place, bearing, 12.0);
            bearing += 0.05;
        }
        if s % step_s == 0 {
            // a repeatable few metres of noise
            let wobble = ((s * 7919) % 13) as f64 / 3.0;
            fixes.push(Fix {
                acc_m: Some(6.0),
                speed_mps: Some(if driving { 12.0 } else { 0.0 }),
                bearing_deg: Some((bearing.rem_euclid(360.0)) as f32),
                ..Fix::new(NINE + s * 1000, destination(place, (s % 360) as f64, wobble))
            });
        }
    }
    fixes
}

fn anywhere() -> impl Strategy<Value = LngLat> {
    prop_oneof![
        4 => (118.7..118.9f64, 31.9..32.1f64).prop_map(|(x, y)| at(x, y)),
        1 => (-180.0..=180.0f64, -90.0..=90.0f64).prop_map(|(x, y)| at(x, y)),
        1 => Just(at(0.0, 0.0)),
        1 => (179.99..=180.0f64, -1.0..1.0f64).prop_map(|(x, y)| at(x, y)),
        1 => (-180.0..=-179.99f64, -1.0..1.0f64).prop_map(|(x, y)| at(x, y)),
        1 => (-180.0..=180.0f64).prop_map(|x| at(x, 90.0)),
        1 => (-180.0..=180.0f64, 89.999..=90.0f64).prop_map(|(x, y)| at(x, -y)),
    ]
}

fn any_number() -> impl Strategy<Value = Option<f32>> {
    prop_oneof![
        3 => Just(None),
        6 => (0.0..60.0f32).prop_map(Some),
        1 => any::<f32>().prop_map(Some),
        1 => Just(Some(f32::NAN)),
        1 => Just(Some(f32::INFINITY)),
        1 => Just(Some(-1.0)),
    ]
}

fn any_time() -> impl Strategy<Value = i64> {
    prop_oneof![8 => NINE..NINE + 8 * 60 * MINUTE, 1 => any::<i64>(), 1 => Just(NINE)]
}

fn any_fix() -> impl Strategy<Value = Fix> {
    let hint = prop_oneof![
        4 => Just(None),
        1 => Just(Some(ActivityHint::Still)),
        1 => Just(Some(ActivityHint::Walking)),
        1 => Just(Some(ActivityHint::Driving)),
    ];
    (any_time(), anywhere(), any_number(), any_number(), any_number(), 0u8..3, hint).prop_map(
        |(t_ms, at, acc_m, speed_mps, bearing_deg, source, hint)| Fix {
            t_ms,
            at,
            acc_m,
            speed_mps,
            bearing_deg,
            alt_m: acc_m,
            source,
            hint,
        },
    )
}

fn any_window() -> impl Strategy<Value = Window> {
    prop_oneof![
        6 => (NINE..NINE + 8 * 60 * MINUTE, 0..300 * MINUTE).prop_map(|(t, n)| Window::new(t, t + n)),
        1 => (any::<i64>(), any::<i64>()).prop_map(|(a, b)| Window::new(a, b)),
    ]
}

fn check_timeline(timeline: &[Span], duty_ms: i64) {
    let mut sum = 0;
    for (k, s) in timeline.iter().enumerate() {
        assert!(s.from_ms < s.to_ms, "an empty span: {s:?}");
        sum += s.to_ms - s.from_ms;
        if let Some(next) = timeline.get(k + 1) {
            assert!(s.to_ms <= next.from_ms, "spans overlap: {s:?} {next:?}");
        }
    }
    assert_eq!(sum, duty_ms, "the states must add up to the whole of duty");
}

#[test]
fn positions_faster_than_any_receiver_are_one() {
    let calm = morning(at(118.79, 32.05), 1, 8, 10);
    let within = |f: &Fix, ms: i64| Fix { t_ms: f.t_ms + ms, acc_m: Some(12.0), ..*f };
    let flood: Vec<Fix> =
        calm.iter().flat_map(|f| std::iter::once(*f).chain((1..25).map(|k| within(f, k * 20)))).collect();
    let duty = [Window::new(NINE, calm.last().unwrap().t_ms + 1_000)];
    let (one, many) = (compute(&calm, &duty), compute(&flood, &duty));
    assert_eq!(many.fixes_dropped.same_time as usize, 24 * calm.len());
    assert_eq!((many.counted_m, &many.stays, &many.trips), (one.counted_m, &one.stays, &one.trips));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn order_copies_and_batches_change_nothing(
        fixes in prop::collection::vec(any_fix(), 0..120),
        seed in any::<u64>(),
    ) {
        let mut shuffled = fixes.clone();
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        // every batch is sent again, overlapping the one before
        let mut batches = Vec::new();
        for batch in shuffled.chunks(1 + (seed % 17) as usize) {
            batches.extend_from_slice(batch);
            batches.extend_from_slice(&batch[batch.len() / 2..]);
        }
        let duty = [Window::new(NINE, NINE + 8 * 60 * MINUTE)];
        let (one, two) = (compute(&fixes, &duty), compute(&batches, &duty));
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    }

    #[test]
    fn nonsense_never_breaks_and_the_time_line_adds_up(
        fixes in prop::collection::vec(any_fix(), 0..200),
        duty in prop::collection::vec(any_window(), 0..4),
        private in prop::collection::vec(any_window(), 0..3),
        off in prop::collection::vec(any_window(), 0..3),
        visits in prop::collection::vec(any_window(), 0..3),
    ) {
        let absences: Vec<Absence> =
            off.into_iter().map(|window| Absence { window, kind: GapKind::PhoneOff }).collect();
        let place = Place { id: Uuid::from_u128(7), at: at(118.8, 32.0), radius_m: 300.0 };
        let visits: Vec<VisitSpan> = visits
            .into_iter()
            .map(|w| VisitSpan { place: place.id, from_ms: w.from_ms, to_ms: w.to_ms })
            .collect();
        let input = Input {
            fixes: &fixes, duty: &duty, private: &private, absences: &absences, visits: &visits,
            places: &[place],
        };
        let day = day(&input, &Rules::default());
        check_timeline(&day.timeline, day.duty_ms);
        for m in [day.counted_m, day.moved_m, day.raw_m, day.excluded_m, day.private_m, day.estimated_m] {
            prop_assert!(m.is_finite() && m >= 0.0, "{m}");
        }
        prop_assert_eq!(day.fixes_used + day.fixes_dropped.total(), day.fixes_given);
        for trip in &day.trips {
            prop_assert!(trip.meters.is_finite() && trip.from_ms <= trip.to_ms);
            prop_assert!(trip.path_from <= trip.path_to && trip.path_to <= day.path.len());
        }
        let parts = day.trips.iter().map(|t| t.meters).sum::<f64>();
        prop_assert!((parts - day.moved_m - day.private_m).abs() < 0.05 + 1e-9 * parts);
    }

    #[test]
    fn wild_fixes_are_counted_out_and_leave_the_distance_alone(
        where_ in prop::collection::vec((anywhere(), 20usize..150), 1..4),
    ) {
        let clean = morning(at(118.8, 32.0), 10, 10, 15);
        let truth = whole(&clean);
        let mut wild = clean.clone();
        let mut n = 0;
        for (place, i) in where_ {
            if distance_m(place, clean[i].at) > 5_000.0 {
                wild[i].at = place;
                n += 1;
            }
        }
        let day = whole(&wild);
        prop_assert!((day.moved_m / truth.moved_m - 1.0).abs() < 0.02, "{} {}", day.moved_m, truth.moved_m);
        let out = day.fixes_dropped.jump + day.fixes_dropped.null_island;
        prop_assert!(n == 0 || out > 0, "{:?}", day.fixes_dropped);
    }

    #[test]
    fn a_gap_yields_no_kilometre_and_no_line(from in 2i64..30, length in 11i64..25, step in prop::sample::select(vec![1i64, 10, 30])) {
        let all = morning(at(118.8, 32.0), step, 10, 40);
        let gap = Window::new(NINE + from * MINUTE, NINE + (from + length) * MINUTE);
        let kept: Vec<Fix> = all.iter().copied().filter(|f| !gap.contains(f.t_ms)).collect();
        let duty = [Window::new(NINE, NINE + 60 * MINUTE)];
        let (full, day) = (compute(&all, &duty), compute(&kept, &duty));
        check_timeline(&day.timeline, 60 * MINUTE);
        let silent: i64 = day
            .timeline
            .iter()
            .filter(|s| s.state == State::Unknown)
            .map(|s| s.to_ms - s.from_ms)
            .sum();
        prop_assert!(silent >= gap.len_ms() - 2 * step * 1000, "{silent}");
        for trip in &day.trips {
            let inside = Window::new(trip.from_ms, trip.to_ms).overlap(gap).map_or(0, Window::len_ms);
            prop_assert!(inside <= step * 1000);
        }
        for stay in &day.stays {
            let inside = Window::new(stay.from_ms, stay.to_ms).overlap(gap).map_or(0, Window::len_ms);
            prop_assert!(inside <= step * 1000);
        }
        for w in day.path.windows(2) {
            let across = w[0].t_ms <= gap.from_ms && w[1].t_ms >= gap.to_ms - 1;
            prop_assert!(!across || w[1].starts, "a line across the gap");
        }
        // what was driven inside the gap is missing, and shown as an estimate only
        let drove = Window::new(NINE + 10 * MINUTE, NINE + 50 * MINUTE);
        let lost = drove.overlap(gap).map_or(0, Window::len_ms) as f64 / 1000.0 * 12.0;
        prop_assert!((full.moved_m - day.moved_m - lost).abs() < 12.0 * 2.5 * step as f64 + 30.0);
        prop_assert!(lost < 600.0 || day.estimated_m > 0.8 * lost);
    }

    #[test]
    fn a_stepping_clock_stays_accountable(shift_min in -180i64..180, from in 0usize..150, n in 1usize..60) {
        let mut fixes = morning(at(118.8, 32.0), 10, 10, 15);
        for fix in fixes.iter_mut().skip(from).take(n) {
            fix.t_ms += shift_min * MINUTE;
        }
        let duty = [Window::new(NINE, NINE + 35 * MINUTE)];
        let day = compute(&fixes, &duty);
        check_timeline(&day.timeline, 35 * MINUTE);
        // a wrong clock may lose distance; what it adds stays in proportion to the fixes it moved
        prop_assert!(day.moved_m < 15.0 * 60.0 * 12.0 + n as f64 * 180.0 + 300.0, "{}", day.moved_m);
    }

    #[test]
    fn the_antimeridian_is_a_line_like_any_other(lat in -60.0..60.0f64) {
        let here = whole(&morning(at(10.0, lat), 10, 5, 10));
        let there = whole(&morning(at(179.98, lat), 10, 5, 10));
        prop_assert!((here.moved_m / there.moved_m - 1.0).abs() < 1e-3, "{} {}", here.moved_m, there.moved_m);
        prop_assert_eq!(here.stays.len(), there.stays.len());
    }
}

#[test]
fn a_drive_between_two_stays_is_told_as_such() {
    let fixes = morning(at(118.8, 32.0), 10, 20, 15);
    let day = whole(&fixes);
    assert_eq!((day.stays.len(), day.trips.len(), day.gaps.len()), (2, 1, 0));
    let truth = 15.0 * 60.0 * 12.0;
    assert!((day.counted_m / truth - 1.0).abs() < 0.005, "{}", day.counted_m);
    assert!((day.stays[0].to_ms - (NINE + 20 * MINUTE)).abs() < 12_000);
    assert!((day.stays[1].from_ms - (NINE + 35 * MINUTE)).abs() < 12_000);
    assert_eq!(day.trips[0].mode, track::Mode::Driving);
}

#[test]
fn private_time_is_measured_but_neither_counted_nor_drawn() {
    let fixes = morning(at(118.8, 32.0), 10, 20, 15);
    let duty = [Window::new(NINE, NINE + 55 * MINUTE)];
    let private = [Window::new(NINE + 25 * MINUTE, NINE + 30 * MINUTE)];
    let day =
        day(&Input { fixes: &fixes, duty: &duty, private: &private, ..Input::default() }, &Rules::default());
    assert!((day.private_m - 5.0 * 60.0 * 12.0).abs() < 200.0, "{}", day.private_m);
    assert!((day.counted_m - 10.0 * 60.0 * 12.0).abs() < 300.0, "{}", day.counted_m);
    assert_eq!(day.excluded_m, day.private_m);
    assert!(day.path.iter().all(|p| !private[0].contains(p.t_ms)));
    let told: i64 =
        day.timeline.iter().filter(|s| s.state == State::Private).map(|s| s.to_ms - s.from_ms).sum();
    assert_eq!(told, 5 * MINUTE);
    check_timeline(&day.timeline, 55 * MINUTE);
}

#[test]
fn what_happened_off_duty_is_not_in_the_day() {
    let fixes = morning(at(118.8, 32.0), 10, 20, 15);
    let duty = [Window::new(NINE, NINE + 20 * MINUTE)];
    let day = compute(&fixes, &duty);
    assert_eq!(day.counted_m, 0.0);
    assert_eq!(
        day.fixes_dropped.off_duty as usize,
        fixes.iter().filter(|f| !duty[0].contains(f.t_ms)).count()
    );
    assert!(day.path.iter().all(|p| duty[0].contains(p.t_ms)));
    let same =
        compute(&fixes.iter().copied().filter(|f| duty[0].contains(f.t_ms)).collect::<Vec<_>>(), &duty);
    assert_eq!(day.input_sha256, same.input_sha256, "what may not be stored may not be needed to recompute");
}

#[test]
fn known_reasons_name_a_gap() {
    let fixes: Vec<Fix> =
        morning(at(118.8, 32.0), 10, 60, 10).into_iter().filter(|f| f.t_ms < NINE + 20 * MINUTE).collect();
    let duty = [Window::new(NINE, NINE + 60 * MINUTE)];
    let absences = [Absence {
        window: Window::new(NINE + 30 * MINUTE, NINE + 40 * MINUTE),
        kind: GapKind::NoPermission,
    }];
    let day = day(
        &Input { fixes: &fixes, duty: &duty, absences: &absences, ..Input::default() },
        &Rules::default(),
    );
    check_timeline(&day.timeline, 60 * MINUTE);
    let minutes = |state| -> i64 {
        day.timeline.iter().filter(|s| s.state == state).map(|s| s.to_ms - s.from_ms).sum::<i64>() / MINUTE
    };
    assert_eq!((minutes(State::NoPermission), minutes(State::Unknown)), (10, 30));
}

#[test]
fn a_still_phone_that_saves_power_is_present() {
    let place = at(118.8, 32.0);
    let mut fixes: Vec<Fix> = (0..30).map(|i| Fix::new(NINE + i * 20_000, place)).collect();
    fixes.push(Fix { hint: Some(ActivityHint::Still), ..Fix::new(NINE + 10 * MINUTE, place) });
    fixes.extend((0..30).map(|i| Fix::new(NINE + 60 * MINUTE + i * 20_000, place)));
    let day = whole(&fixes);
    assert_eq!((day.stays.len(), day.gaps.len()), (1, 0));
    // without the word of its sensor the silence is a gap
    fixes[30].hint = None;
    let day = whole(&fixes);
    assert_eq!((day.stays.len(), day.gaps.len()), (2, 1));
}

#[test]
fn visits_win_over_geometry_but_not_over_gaps() {
    let fixes = morning(at(118.8, 32.0), 10, 20, 15);
    let shop = Place { id: Uuid::from_u128(1), at: destination(fixes[0].at, 90.0, 60.0), radius_m: 100.0 };
    let next_door = Place { id: Uuid::from_u128(2), at: fixes[0].at, radius_m: 100.0 };
    let visits = [VisitSpan { place: shop.id, from_ms: NINE + 2 * MINUTE, to_ms: NINE + 12 * MINUTE }];
    let duty = [Window::new(NINE, NINE + 55 * MINUTE)];
    let input =
        Input { fixes: &fixes, duty: &duty, visits: &visits, places: &[shop, next_door], ..Input::default() };
    let told = day(&input, &Rules::default());
    assert_eq!(told.stays[0].place, Some(shop.id));
    let visit: i64 =
        told.timeline.iter().filter(|s| s.state == State::Visit).map(|s| s.to_ms - s.from_ms).sum();
    assert_eq!(visit, 10 * MINUTE);
    let unvisited = day(&Input { visits: &[], ..input }, &Rules::default());
    assert_eq!(unvisited.stays[0].place, Some(next_door.id));
}

/// The weakness of simpler rules: 400 m of slow manoeuvring in a car park between two halts is driving.
#[test]
fn crawling_through_a_car_park_is_not_a_stay() {
    for step in [1i64, 5, 10] {
        for with_speed in [true, false] {
            let gate = at(118.8, 32.0);
            let (mut fixes, mut place, mut bearing, mut driven) = (Vec::new(), gate, 0.0f64, 0.0);
            for s in 0..(600 + 100 + 600i64) {
                let crawling = (600..700).contains(&s);
                if crawling {
                    place = destination(place, bearing, 4.0);
                    bearing += 360.0 / 50.0;
                    driven += 4.0;
                }
                if s % step == 0 {
                    fixes.push(Fix {
                        acc_m: Some(5.0),
                        speed_mps: with_speed.then_some(if crawling { 4.0 } else { 0.0 }),
                        bearing_deg: with_speed.then_some(bearing.rem_euclid(360.0) as f32),
                        ..Fix::new(NINE + s * 1000, place)
                    });
                }
            }
            let report = day_report(&fixes, &Rules::default());
            let ratio = report.counted_m / driven;
            assert!((0.85..1.15).contains(&ratio), "{step} s, speed {with_speed}: {ratio}");
            assert_eq!(report.stays.len(), 2, "{step} s, speed {with_speed}");
        }
    }
}

#[test]
fn the_file_gives_the_figure() {
    let mut csv = String::from("ts,lat,lon,acc,speed\n");
    for f in morning(at(118.8, 32.0), 10, 10, 10) {
        let time = if f.t_ms % 20_000 == 0 {
            (f.t_ms / 1000).to_string()
        } else {
            jiff::Timestamp::from_millisecond(f.t_ms).unwrap().to_string()
        };
        csv += &format!("{time},{},{},6,{}\n", f.at.lat(), f.at.lng(), f.speed_mps.unwrap());
    }
    let report = day_from_csv(csv.as_bytes()).unwrap();
    assert!((report.counted_m / 7_200.0 - 1.0).abs() < 0.01, "{}", report.counted_m);
    assert_eq!((report.stays.len(), report.trips.len()), (2, 1));

    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut zipped, csv.as_bytes()).unwrap();
    assert_eq!(day_from_csv(zipped.finish().unwrap().as_slice()).unwrap(), report);

    assert!(day_from_csv("a,b\n1,2\n".as_bytes()).is_err(), "no header of a track");
    assert!(day_from_csv("t,lat,lon\nsoon,1,2\n".as_bytes()).is_err(), "no time");
    assert_eq!(day_from_csv("t,lat,lon\n".as_bytes()).unwrap().counted_m, 0.0);
    assert_eq!(day_from_csv("t,lat,lon\n5,NaN,7\n6,91,7\n".as_bytes()).unwrap().counted_m, 0.0);
}
