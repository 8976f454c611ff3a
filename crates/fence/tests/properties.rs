//! What must hold for any shape and any positions.
#![expect(clippy::unwrap_used, reason = "tests")]

use fence::{Event, EventKind, Fence, Index, Seen, Shape, WatchRules, watch};
use geo::{LngLat, destination};
use proptest::prelude::*;
use uuid::Uuid;

fn p(lng: f64, lat: f64) -> LngLat {
    LngLat::new(lng, lat).unwrap()
}

/// A ring of corners round a place.
fn ring(at: LngLat, radii: &[f64]) -> Shape {
    let n = radii.len() as f64;
    Shape::Polygon(radii.iter().enumerate().map(|(i, r)| destination(at, i as f64 * 360.0 / n, *r)).collect())
}

fn circle(at: LngLat, radius_m: f64) -> Fence {
    Fence { id: Uuid::from_u128(1), shape: Shape::Circle { at, radius_m }, dwell_s: 300 }
}

fn events(fence: &Fence, seen: &[Seen]) -> Vec<Event> {
    watch(std::slice::from_ref(fence), &Index::new([&fence.shape]), seen, &WatchRules::default())
}

fn kinds(fence: &Fence, seen: &[Seen]) -> Vec<EventKind> {
    events(fence, seen).iter().map(|e| e.kind).collect()
}

/// Positions every `step` seconds on a straight way at a speed, from `from` on.
fn drive(from: LngLat, bearing: f64, mps: f64, start_s: i64, n: i64, step: i64, acc: f32) -> Vec<Seen> {
    (0..n)
        .map(|i| Seen {
            t_ms: (start_s + i * step) * 1000,
            at: destination(from, bearing, mps * (i * step) as f64),
            acc_m: Some(acc),
        })
        .collect()
}

/// Somebody who stays, with the receiver's error going round.
fn stay(at: LngLat, drift_m: f64, start_s: i64, n: i64, step: i64, acc: f32) -> Vec<Seen> {
    (0..n)
        .map(|i| Seen {
            t_ms: (start_s + i * step) * 1000,
            at: destination(at, (i * 137 % 360) as f64, drift_m * ((i * 31 % 10) as f64 / 10.0)),
            acc_m: Some(acc),
        })
        .collect()
}

proptest! {
    /// Moving everything round the world changes nothing, least of all across the antimeridian.
    #[test]
    fn the_antimeridian_is_a_line_like_any_other(
        lat in -70.0..70.0f64, off in -0.2..0.2f64, radii in proptest::collection::vec(80.0..3000.0f64, 3..9),
        bearing in 0.0..360.0f64, d in 0.0..5000.0f64,
    ) {
        let (here, there) = (p(10.0 + off, lat), LngLat::new(if off < 0.0 { 180.0 + off } else { -180.0 + off }, lat).unwrap());
        let (a, b) = (ring(here, &radii), ring(there, &radii));
        let (x, y) = (destination(here, bearing, d), destination(there, bearing, d));
        prop_assert!((a.edge_m(x) - b.edge_m(y)).abs() < 0.05, "{} {}", a.edge_m(x), b.edge_m(y));
        let (x2, y2) = (destination(here, bearing + 170.0, d), destination(there, bearing + 170.0, d));
        if a.edge_m(x).abs() > 0.1 && a.edge_m(x2).abs() > 0.1 {
            prop_assert_eq!(a.crosses(x, x2), b.crosses(y, y2));
        }
    }

    /// Nothing panics, whatever the place; a shape's own bounds hold all that is inside.
    #[test]
    fn poles_and_nonsense_do_no_harm(
        lng in -180.0..=180.0f64, lat in -90.0..=90.0f64, lng2 in -180.0..=180.0f64, lat2 in -90.0..=90.0f64,
        radius in 1.0..50_000.0f64, acc in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(-1.0f32), Just(0.0f32), 1.0..10_000.0f32],
    ) {
        let shape = Shape::Circle { at: p(lng, lat), radius_m: radius };
        let far = p(lng2, lat2);
        let probability = shape.probability(far, 20.0);
        prop_assert!((0.0..=1.0).contains(&probability));
        let _ = shape.crosses(p(lng, lat), far);
        let index = Index::new([&shape]);
        prop_assert_eq!(index.near(&[p(lng, lat)], 1.0), vec![0]);
        let fence = Fence { id: Uuid::nil(), shape, dwell_s: 60 };
        let seen: Vec<Seen> = (0..5).map(|i| Seen { t_ms: i64::MAX - 5 + i, at: if i % 2 == 0 { far } else { p(lng, lat) }, acc_m: Some(acc) }).collect();
        let _ = events(&fence, &seen);
    }

    /// Order and copies never show.
    #[test]
    fn the_set_of_positions_decides(
        steps in proptest::collection::vec((0.0..360.0f64, 0.0..120.0f64, 5..90i64, 3.0..80.0f32), 5..80), swaps in proptest::collection::vec((0..200usize, 0..200usize), 0..60),
    ) {
        let centre = p(118.78, 32.04);
        let fence = circle(centre, 150.0);
        let (mut t, mut at) = (0, centre);
        let seen: Vec<Seen> = steps.iter().map(|(bearing, meters, dt, acc)| {
            t += dt * 1000;
            at = destination(at, *bearing, *meters);
            Seen { t_ms: t, at, acc_m: Some(*acc) }
        }).collect();
        let mut shuffled: Vec<Seen> = seen.iter().chain(seen.iter().step_by(3)).copied().collect();
        let n = shuffled.len();
        for (a, b) in swaps {
            shuffled.swap(a % n, b % n);
        }
        prop_assert_eq!(events(&fence, &seen), events(&fence, &shuffled));
    }

    /// Enter and exit take turns; a dwell lies between them; whatever happened is known no earlier than it happened.
    #[test]
    fn events_make_sense(
        steps in proptest::collection::vec((0.0..360.0f64, 0.0..200.0f64, 5..120i64, 3.0..60.0f32), 5..150),
    ) {
        let centre = p(118.78, 32.04);
        let fence = circle(centre, 120.0);
        let (mut t, mut at) = (0, destination(centre, 45.0, 300.0));
        let seen: Vec<Seen> = steps.iter().map(|(bearing, meters, dt, acc)| {
            t += dt * 1000;
            at = destination(at, *bearing, *meters);
            Seen { t_ms: t, at, acc_m: Some(*acc) }
        }).collect();
        let mut inside = false;
        for e in events(&fence, &seen) {
            prop_assert!(e.known_ms >= e.at_ms && e.until_ms >= e.at_ms);
            match e.kind {
                EventKind::Enter => { prop_assert!(!inside); inside = true; }
                EventKind::Exit => { prop_assert!(inside); inside = false; }
                EventKind::Dwell => prop_assert!(inside),
                EventKind::Pass => prop_assert!(!inside),
            }
        }
    }

    /// The index never loses a shape the plain search finds.
    #[test]
    fn the_index_finds_what_is_there(
        places in proptest::collection::vec((-180.0..=180.0f64, -85.0..85.0f64, 10.0..20_000.0f64), 1..60), lng in -180.0..=180.0f64, lat in -85.0..85.0f64,
    ) {
        let shapes: Vec<Shape> = places.iter().map(|(x, y, r)| Shape::Circle { at: p(*x, *y), radius_m: *r }).chain([Shape::Circle { at: p(lng, lat), radius_m: 50.0 }]).collect();
        let found = Index::new(&shapes).near(&[p(lng, lat)], 1.0);
        for (i, shape) in shapes.iter().enumerate() {
            prop_assert!(!shape.contains(p(lng, lat)) || found.contains(&i));
        }
    }
}

#[test]
fn a_visit_enters_dwells_and_leaves_once() {
    let shop = p(118.78, 32.04);
    let fence = circle(shop, 150.0);
    let mut day = drive(destination(shop, 270.0, 1500.0), 90.0, 10.0, 0, 15, 10, 8.0);
    day.extend(stay(shop, 60.0, 150, 120, 10, 20.0));
    day.extend(drive(shop, 0.0, 10.0, 1350, 40, 10, 8.0));
    let seen = events(&fence, &day);
    assert_eq!(
        seen.iter().map(|e| e.kind).collect::<Vec<_>>(),
        [EventKind::Enter, EventKind::Dwell, EventKind::Exit]
    );
    assert!((seen[0].at_ms - 140_000).abs() <= 20_000, "at the first position inside: {seen:?}");
    assert!((seen[2].at_ms - 1_360_000).abs() <= 20_000, "when last seen inside: {seen:?}");
    assert!(
        seen[0].known_ms - seen[0].at_ms <= 130_000 && seen[2].known_ms - seen[2].at_ms <= 140_000,
        "{seen:?}"
    );
}

#[test]
fn a_drive_through_is_a_pass_at_any_rate() {
    let shop = p(118.78, 32.04);
    for (radius, step) in [(150.0, 5), (150.0, 10), (300.0, 10), (100.0, 30), (150.0, 60), (500.0, 10)] {
        let fence = circle(shop, radius);
        let way = drive(destination(shop, 270.0, 2000.0), 90.0, 13.0, 0, 320 / step, step, 8.0);
        assert_eq!(kinds(&fence, &way), [EventKind::Pass], "radius {radius}, every {step} s");
    }
    // with forty seconds at a red light in the middle
    let fence = circle(shop, 150.0);
    let mut way = drive(destination(shop, 270.0, 2000.0), 90.0, 13.0, 0, 31, 5, 8.0);
    let light = way[30];
    way.extend((1..=8).map(|i| Seen { t_ms: light.t_ms + i * 5000, ..light }));
    way.extend(drive(light.at, 90.0, 13.0, light.t_ms / 1000 + 45, 40, 5, 8.0));
    assert_eq!(kinds(&fence, &way), [EventKind::Pass]);
}

#[test]
fn a_phone_that_drifts_across_the_edge_comes_once() {
    let shop = p(118.78, 32.04);
    let fence = circle(shop, 100.0);
    // eight hours, the receiver wandering up to 130 m from a chair 40 m inside
    let chair = destination(shop, 90.0, 40.0);
    let seen = stay(chair, 130.0, 0, 2880, 10, 45.0);
    let told = kinds(&fence, &seen);
    assert!(told.iter().filter(|k| **k == EventKind::Enter).count() <= 1, "{told:?}");
    assert!(told.iter().filter(|k| **k == EventKind::Exit).count() == 0, "{told:?}");
}

#[test]
fn next_door_is_not_here() {
    let shop = p(118.78, 32.04);
    let fence = circle(shop, 100.0);
    let neighbour = destination(shop, 90.0, 160.0);
    assert_eq!(kinds(&fence, &stay(neighbour, 30.0, 0, 2000, 10, 20.0)), []);
    // so coarse that it says nothing
    assert_eq!(kinds(&fence, &stay(shop, 20.0, 0, 500, 10, 400.0)), []);
}

#[test]
fn one_leap_of_the_receiver_is_no_pass() {
    let (shop, home) = (p(118.78, 32.04), p(118.90, 32.10));
    let mut seen = stay(home, 10.0, 0, 20, 10, 10.0);
    seen[10].at = shop;
    assert_eq!(kinds(&circle(shop, 150.0), &seen), []);
}

#[test]
fn bad_shapes_say_why() {
    use fence::BadShape;
    let at = p(118.78, 32.04);
    let corner = |b: f64, d: f64| destination(at, b, d);
    let bad = |shape: Shape| shape.check().unwrap_err();
    assert_eq!(bad(Shape::Circle { at, radius_m: f64::NAN }), BadShape::Radius);
    assert_eq!(bad(Shape::Polygon(vec![at, corner(0.0, 100.0)])), BadShape::Corners);
    assert_eq!(bad(Shape::Polygon(vec![])), BadShape::Corners);
    assert_eq!(bad(ring(at, &[3.0, 3.0, 3.0])), BadShape::Small);
    assert_eq!(bad(ring(at, &[150_000.0, 100.0, 100.0])), BadShape::Large);
    let bow = vec![corner(45.0, 300.0), corner(225.0, 300.0), corner(135.0, 300.0), corner(315.0, 300.0)];
    assert_eq!(bad(Shape::Polygon(bow)), BadShape::Crossing);
    assert_eq!(ring(at, &[300.0, 250.0, 400.0, 310.0, 280.0]).check(), Ok(()));
    let shape = Shape::Polygon(vec![]);
    assert!(!shape.contains(at) && shape.radius_m() == 0.0 && Index::new([&shape]).is_empty());
}
