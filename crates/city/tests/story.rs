//! The story's figures, as the design fixes them.

#![allow(clippy::unwrap_used)]

use city::{City, HOME_M, Happening, LEGS_M, Sky, Story, VISIT_MINUTES, story_day, travelled_m};
use geo::{LngLat, distance_m, polyline_m};

/// 2025-11-20 00:00 in China.
const MIDNIGHT_MS: i64 = 1_763_568_000_000;

fn city() -> City {
    City::generate(7, LngLat::new(118.79, 32.05).unwrap())
}

fn length(order: &[LngLat]) -> f64 {
    polyline_m(order)
}

#[test]
fn the_day_has_its_figures() {
    for seed in [7, 1, 5, 20_261_120] {
        let c = City::generate(seed, LngLat::new(118.79, 32.05).unwrap());
        let s = story_day(&c, MIDNIGHT_MS);
        let nine = MIDNIGHT_MS + 9 * 3_600_000;
        assert_eq!((s.duty_start_ms, s.duty_end_ms), (nine, nine + 8 * 3_600_000));
        let duty = s.script.between(s.duty_start_ms, s.duty_end_ms);
        let all: Vec<LngLat> = duty.iter().map(|p| p.at).collect();
        let whole = polyline_m(&all);
        assert!((whole - 38_000.0).abs() < 30.0, "seed {seed}: {whole} m");
        assert!((s.driven_m - 38_000.0).abs() < 15.0, "seed {seed}: {}", s.driven_m);
        for (c, leg) in s.customers.iter().zip(LEGS_M) {
            assert!((c.leg_m - leg).abs() < 5.0, "seed {seed} {}: {} m", c.id, c.leg_m);
        }
        let after: Vec<_> = s.script.points.iter().filter(|p| p.t_ms >= s.duty_end_ms).copied().collect();
        let home = travelled_m(&after);
        assert!((home - HOME_M).abs() < 30.0, "seed {seed}: {home} m home");
    }
}

#[test]
fn five_visits_of_150_minutes() {
    for seed in [7, 2, 3, 8] {
        five_visits(&City::generate(seed, LngLat::new(118.79, 32.05).unwrap()));
    }
}

fn five_visits(city: &City) {
    let s = story_day(city, MIDNIGHT_MS);
    let time = |what: Happening| s.script.events.iter().find(|e| e.what == what).unwrap().t_ms;
    let mut minutes = 0;
    for (c, wanted) in s.customers.iter().zip(VISIT_MINUTES) {
        let (a, b) = (
            time(Happening::CheckIn { stop: c.id.clone() }),
            time(Happening::CheckOut { stop: c.id.clone() }),
        );
        assert_eq!((a, b), (c.check_in_ms, c.check_out_ms), "{}", c.id);
        assert_eq!(b - a, i64::from(wanted) * 60_000);
        minutes += wanted;
        assert!(time(Happening::Arrive { stop: c.id.clone() }) < a);
    }
    assert_eq!((s.customers.len(), minutes), (5, 150));
    let third = &s.customers[2];
    let inside = s.script.between(third.check_in_ms + 1000, third.check_out_ms);
    assert!(third.basement && inside.iter().all(|p| p.sky == Sky::Basement));
    let gap = s.script.between(s.gap_ms.0, s.gap_ms.1);
    assert_eq!((gap.len(), travelled_m(gap)), (660, 0.0));
    assert!(s.script.points.windows(2).all(|w| w[1].t_ms - w[0].t_ms == 1000));
    let jump = s.script.points.windows(2).map(|w| distance_m(w[0].at, w[1].at)).fold(0.0, f64::max);
    assert!(jump < 24.0, "{jump} m in a second");
}

#[test]
fn the_order_of_the_story_is_the_best_one() {
    let c = city();
    let s: Story = story_day(&c, MIDNIGHT_MS);
    let at: Vec<LngLat> = s.customers.iter().map(|c| c.shop.at).collect();
    for end in [None, Some(s.office), Some(s.home)] {
        let tour = |order: &[usize]| {
            let mut way = vec![s.office];
            way.extend(order.iter().map(|&k| at[k]));
            way.extend(end);
            length(&way)
        };
        let own = tour(&[0, 1, 2, 3, 4]);
        let mut order = [0, 1, 2, 3, 4];
        let mut better = 0;
        permute(&mut order, 0, &mut |o| better += usize::from(tour(o) < own - 1.0));
        assert_eq!(better, 0, "no order is shorter, ending at {end:?}");
    }
}

fn permute(order: &mut [usize; 5], from: usize, seen: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        return seen(order);
    }
    for i in from..order.len() {
        order.swap(from, i);
        permute(order, from + 1, seen);
        order.swap(from, i);
    }
}

#[test]
fn photos_differ_and_are_small() {
    use rand::SeedableRng;
    let c = city();
    let shops = c.shops(2, 1);
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let a = city::shop_front_jpeg(&shops[0], &mut rng, 1280, 960);
    let b = city::shop_front_jpeg(&shops[0], &mut rng, 1280, 960);
    let shelf = city::shelf_jpeg(&shops[1], &mut rng, 1280, 960);
    assert!(a != b, "two pictures of one shop are two pictures");
    for picture in [&a, &b, &shelf] {
        assert!((20_000..=city::PHOTO_LIMIT).contains(&picture.len()), "{} bytes", picture.len());
        let image = image::load_from_memory(picture).unwrap();
        assert_eq!((image.width(), image.height()), (1280, 960));
    }
    let again = city::shop_front_jpeg(&shops[0], &mut rand_chacha::ChaCha8Rng::seed_from_u64(1), 1280, 960);
    assert_eq!(a, again, "the same numbers give the same picture");
}
