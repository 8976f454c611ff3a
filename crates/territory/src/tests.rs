use geo::LngLat;
use proptest::prelude::*;

use super::*;

fn at(lng: f64, lat: f64) -> LngLat {
    LngLat::new(lng, lat).unwrap()
}

/// Customers of equal work on a net of `side` × `side` at 500 m.
fn net(side: usize) -> Vec<Point> {
    let place = |k: usize| at(118.7 + 0.005 * (k % side) as f64, 32.0 + 0.0045 * (k / side) as f64);
    (0..side * side).map(|k| Point { at: place(k), work: 30.0, today: None }).collect()
}

fn seats(n: usize) -> Vec<Seat> {
    vec![Seat::default(); n]
}

fn sound_answer(q: &Question) -> Division {
    let answer = divide(q, 1).unwrap();
    assert_eq!(check(q, &answer), vec![]);
    answer
}

#[test]
fn four_share_a_city_evenly() {
    let q = Question { points: net(20), seats: seats(4), keep: 0.0 };
    let answer = sound_answer(&q);
    assert!(answer.deviation <= TOLERANCE, "{}", answer.deviation);
    assert_eq!((answer.moved, answer.hindrance), (0, None));
    assert_eq!(divide(&q, 1).unwrap(), answer, "the same question, the same answer");
}

#[test]
fn capacities_are_shares() {
    let mut q = Question { points: net(20), seats: seats(3), keep: 0.0 };
    q.seats[0].capacity = Some(2.0 * 9600.0);
    q.seats[1].capacity = Some(9600.0);
    q.seats[2].capacity = Some(9600.0);
    let answer = sound_answer(&q);
    assert!(answer.deviation <= TOLERANCE);
    assert!((answer.shares[0] - 6000.0).abs() < 1e-6 && (answer.loads[0] - 6000.0).abs() <= 300.0);
}

#[test]
fn today_is_kept_as_strongly_as_asked() {
    let mut points = net(20);
    // Columns 0 to 11 belong to one, the rest to the other: 60 against 40.
    for (k, p) in points.iter_mut().enumerate() {
        p.today = Some(usize::from(k % 20 >= 12));
    }
    let ask = |keep: f64| Question { points: points.clone(), seats: seats(2), keep };
    let strong = sound_answer(&ask(1.0));
    assert!(strong.deviation <= TOLERANCE, "{}", strong.deviation);
    // 40 customers change for exactly even; 30 are within 5 %.
    assert!((30..=40).contains(&strong.moved), "{}", strong.moved);
    let free = sound_answer(&ask(0.0));
    assert!(free.moved >= strong.moved);
}

#[test]
fn what_is_even_and_whole_already_stays() {
    let mut points = net(20);
    for (k, p) in points.iter_mut().enumerate() {
        p.today = Some(k / 200);
    }
    let answer = sound_answer(&Question { points, seats: seats(2), keep: 1.0 });
    assert_eq!((answer.moved, answer.deviation), (0, 0.0));
}

#[test]
fn one_customer_may_stand_against_it() {
    let mut points = net(6);
    points[7].work = 30.0 * 36.0;
    let answer = sound_answer(&Question { points, seats: seats(3), keep: 0.0 });
    assert_eq!(answer.hindrance, Some(Hindrance::HeavyPoint(7)));
    // He is alone, as far as the rest can be divided without him.
    assert!(answer.deviation < 0.75, "{}", answer.deviation);
}

#[test]
fn one_seat_takes_all_and_more_seats_than_customers_stay_empty() {
    let one = sound_answer(&Question { points: net(5), seats: seats(1), keep: 0.5 });
    assert_eq!((one.deviation, one.seat_of), (0.0, vec![0; 25]));
    let many = sound_answer(&Question { points: net(2), seats: seats(9), keep: 0.0 });
    assert_eq!(many.hindrance, Some(Hindrance::FewPoints));
    let mut own = many.seat_of.clone();
    own.sort_unstable();
    own.dedup();
    assert_eq!(own.len(), 4, "nobody has two while others have none: {:?}", many.seat_of);
    let nothing = divide(&Question { points: vec![], seats: seats(2), keep: 0.0 }, 1).unwrap();
    assert_eq!((nothing.seat_of.len(), nothing.deviation), (0, 0.0));
}

#[test]
fn a_line_and_a_market_hall() {
    let line = (0..120).map(|k| Point { at: at(118.0 + 0.01 * f64::from(k), 32.0), work: 10.0, today: None });
    let answer = sound_answer(&Question { points: line.collect(), seats: seats(5), keep: 0.0 });
    assert!(answer.deviation <= TOLERANCE, "{}", answer.deviation);
    let hall = vec![Point { at: at(118.78, 32.04), work: 10.0, today: None }; 300];
    let answer = sound_answer(&Question { points: hall, seats: seats(5), keep: 0.0 });
    assert!(answer.deviation <= TOLERANCE, "{}", answer.deviation);
}

#[test]
fn across_the_antimeridian_and_at_the_poles() {
    let wrap = |lng: f64| if lng > 180.0 { lng - 360.0 } else { lng };
    let points: Vec<Point> = (0..100)
        .map(|k| Point {
            at: at(wrap(179.95 + 0.01 * f64::from(k % 10)), -17.0 + 0.01 * f64::from(k / 10)),
            work: 5.0,
            today: None,
        })
        .collect();
    let answer = sound_answer(&Question { points, seats: seats(4), keep: 0.0 });
    assert!(answer.deviation <= TOLERANCE, "{}", answer.deviation);
    let poles = [90.0, -90.0, 89.9, -89.9].map(|lat| Point { at: at(0.0, lat), work: 1.0, today: None });
    sound_answer(&Question { points: poles.to_vec(), seats: seats(2), keep: 0.0 });
}

#[test]
fn nonsense_is_refused() {
    let good = Question { points: net(2), seats: seats(2), keep: 0.0 };
    let with = |change: &dyn Fn(&mut Question)| {
        let mut q = good.clone();
        change(&mut q);
        divide(&q, 1).unwrap_err()
    };
    assert_eq!(with(&|q| q.points[1].work = f64::NAN), BadQuestion::Work(1));
    assert_eq!(with(&|q| q.points[0].work = -1.0), BadQuestion::Work(0));
    assert_eq!(with(&|q| q.points[2].today = Some(2)), BadQuestion::Today(2));
    assert_eq!(with(&|q| q.seats[1].capacity = Some(f64::INFINITY)), BadQuestion::Capacity(1));
    assert_eq!(with(&|q| q.seats[0].capacity = Some(0.0)), BadQuestion::Capacity(0));
    assert_eq!(with(&|q| q.keep = f64::NAN), BadQuestion::Keep);
    assert_eq!(with(&|q| q.seats.clear()), BadQuestion::NoSeats);
    assert!(LngLat::new(f64::NAN, 1.0).is_err(), "no place is not a number");
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let q = Question { points: net(6), seats: seats(2), keep: 0.0 };
    let good = sound_answer(&q);
    let mut torn = good.clone();
    torn.seat_of = (0..36).map(|k| (k + k / 6) % 2).collect();
    assert!(check(&q, &torn).iter().any(|f| matches!(f, Fault::Pieces { .. })));
    let mut short = good.clone();
    short.seat_of.pop();
    assert_eq!(check(&q, &short), vec![Fault::Count { points: 36, given: 35 }]);
    let mut unknown = good.clone();
    unknown.seat_of[3] = 2;
    assert_eq!(check(&q, &unknown), vec![Fault::UnknownSeat(3)]);
    let mut lied = good;
    lied.moved = 3;
    assert_eq!(check(&q, &lied), vec![Fault::Figures]);
}

#[test]
fn a_month_of_driving_grows_with_distance_and_visits() {
    let near: Vec<(LngLat, f64)> = net(5).iter().map(|p| (p.at, 2.0)).collect();
    let start = Some(at(118.7, 32.0));
    // 25 shops 500 m apart, twice each, in 5 days: 45 hops of about 0.5 km, 5 ways of about 1.5 km out and back.
    let m = month_m(&near, start, 5.0);
    assert!((40_000.0..80_000.0).contains(&m), "{m}");
    assert!(month_m(&near, Some(at(119.7, 32.0)), 5.0) > m + 500_000.0);
    assert_eq!(month_m(&[], start, 5.0), 0.0);
    assert_eq!(month_m(&[(at(1.0, 1.0), 0.0)], start, 5.0), 0.0);
}

#[test]
fn an_outline_holds_all_corners() {
    let places: Vec<LngLat> = net(5).iter().map(|p| p.at).collect();
    let line = outline(&places);
    assert_eq!(line.len(), 4, "{line:?}");
    assert!(outline(&places[..5]).len() < 3, "one row is a line");
    assert!(outline(&[]).is_empty());
}

/// Any customers at all: on a coarse net, so that places are shared and lines happen.
fn any_question() -> impl Strategy<Value = Question> {
    let point = (0..12_i32, 0..12_i32, 0..60_u32, proptest::option::of(0..5_usize));
    (proptest::collection::vec(point, 0..90), 1..7_usize, 0..=4_u32).prop_map(|(points, n, keep)| Question {
        points: points
            .into_iter()
            .map(|(x, y, work, today)| Point {
                at: at(118.0 + 0.01 * f64::from(x), 32.0 + 0.01 * f64::from(y)),
                work: f64::from(work),
                today: today.filter(|t| *t < n),
            })
            .collect(),
        seats: seats(n),
        keep: f64::from(keep) / 4.0,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_is_asked_the_answer_is_whole(q in any_question(), seed in any::<u64>()) {
        let answer = divide(&q, seed).unwrap();
        prop_assert_eq!(check(&q, &answer), vec![]);
        prop_assert_eq!(answer.hindrance.is_some(), answer.deviation > TOLERANCE + 1e-9);
        // Nobody has nothing while there are customers enough for all.
        let mut own = answer.seat_of.clone();
        own.sort_unstable();
        own.dedup();
        prop_assert_eq!(own.len(), q.points.len().min(q.seats.len()));
    }

    #[test]
    fn even_shops_are_always_evenly_divided(side in 12..22_usize, n in 2..6_usize, seed in any::<u64>()) {
        let q = Question { points: net(side), seats: seats(n), keep: 0.0 };
        let answer = divide(&q, seed).unwrap();
        prop_assert_eq!(check(&q, &answer), vec![]);
        prop_assert!(answer.deviation <= TOLERANCE, "{}", answer.deviation);
    }
}
