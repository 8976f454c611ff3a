//! Cars drive like cars, phones err like phones.

#![allow(clippy::unwrap_used)]

use city::{City, DayPlan, Happening, Stop, day_script};
use city::{DriveStyle, Motion, PhoneModel, Sky, TruePoint, drive, phone_observe, stay_indoor};
use geo::{LngLat, distance_m, polyline_m};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const NOON_MS: i64 = 1_763_611_200_000;

fn centre() -> LngLat {
    LngLat::new(118.79, 32.05).unwrap()
}

fn line(points: &[TruePoint]) -> Vec<LngLat> {
    points.iter().map(|p| p.at).collect()
}

#[test]
fn drives_obey_physics() {
    let c = City::generate(7, centre());
    let shops = c.shops(24, 5);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut halts = 0;
    for pair in shops.windows(2) {
        let way = c.shortest_path(pair[0].at, pair[1].at);
        let points = drive(&c, pair[0].at, pair[1].at, NOON_MS, DriveStyle::CALM, &mut rng);
        let length = polyline_m(&line(&points));
        assert!((length / way.length_m - 1.0).abs() < 0.02 || (length - way.length_m).abs() < 60.0);
        assert_eq!(points[0].t_ms, NOON_MS);
        assert!(points[0].speed_mps < 0.01 && points[points.len() - 1].speed_mps < 0.01);
        for w in points.windows(2) {
            assert_eq!(w[1].t_ms - w[0].t_ms, 1000);
            let moved = distance_m(w[0].at, w[1].at);
            let mean = (w[0].speed_mps + w[1].speed_mps) / 2.0;
            assert!(w[1].speed_mps < 24.0 && (w[1].speed_mps - w[0].speed_mps).abs() < 2.6);
            assert!((moved - mean).abs() < 2.0, "moved {moved} m at {mean} m/s");
        }
        halts += points.windows(2).filter(|w| w[0].speed_mps > 0.0 && w[1].speed_mps == 0.0).count() - 1;
    }
    assert!(halts > 20, "lights stop somebody: {halts}");
}

#[test]
fn rush_hour_is_slower() {
    let c = City::generate(7, centre());
    let shops = c.shops(12, 6);
    let seconds = |t| -> usize {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        shops.windows(2).map(|p| drive(&c, p[0].at, p[1].at, t, DriveStyle::CALM, &mut rng).len()).sum()
    };
    // 12:00 in China is 04:00 UTC; 18:00 is six hours later.
    let (noon, evening) = (seconds(NOON_MS), seconds(NOON_MS + 6 * 3_600_000));
    assert!(evening as f64 > noon as f64 * 1.12, "{evening} s against {noon} s");
}

#[test]
fn observed_tracks_are_noisy_and_honest_about_it() {
    let c = City::generate(7, centre());
    let shops = c.shops(30, 8);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut truth: Vec<TruePoint> = Vec::new();
    for p in shops.windows(2) {
        let depart = truth.last().map_or(NOON_MS, |t| t.t_ms + 1000);
        truth.extend(drive(&c, p[0].at, p[1].at, depart, DriveStyle::CALM, &mut rng));
    }
    let model = PhoneModel { lost_share: 0.0, bursts_per_h: 0.0, ..PhoneModel::every_second() };
    let seen = phone_observe(&truth, &model, &mut rng);
    assert_eq!(seen.len(), truth.len());
    let mut square = 0.0;
    let mut inside = 0;
    for (t, o) in truth.iter().zip(&seen) {
        // Compare at the moment of the fix, up to 0.4 s after the true point.
        let late = (o.t_ms - t.t_ms) as f64 / 1000.0;
        let there = geo::destination(t.at, t.bearing_deg, t.speed_mps * late);
        let miss = distance_m(there, o.at);
        square += miss * miss;
        inside += usize::from(miss <= o.acc_m);
    }
    let rms = (square / seen.len() as f64).sqrt();
    // Two axes of σ between open sky (3.2 m) and streets (5 m): 4.5 to 7.1 m.
    assert!((3.8..8.0).contains(&rms), "{rms} m");
    let share = inside as f64 / seen.len() as f64;
    assert!((0.6..0.78).contains(&share), "accuracy holds {share} instead of 0.68");
    // The error is smooth: one second changes far less than independent errors would.
    let naive: f64 = seen.windows(2).map(|w| distance_m(w[0].at, w[1].at)).sum();
    let true_m = polyline_m(&line(&truth));
    assert!((1.02..1.6).contains(&(naive / true_m)), "{naive} against {true_m}");
    // Doppler is better than positions.
    let speed: f64 = truth.iter().zip(&seen).map(|(t, o)| (t.speed_mps - o.speed_mps).powi(2)).sum();
    assert!((speed / seen.len() as f64).sqrt() < 0.6);
}

#[test]
fn indoors_drifts_and_basements_are_silent() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let span = (NOON_MS, NOON_MS + 3_600_000);
    let shop = stay_indoor(centre(), span, 4.0, Sky::Indoor, &mut rng);
    assert_eq!((shop[0].t_ms, shop[shop.len() - 1].t_ms), span);
    assert!(shop.iter().all(|p| distance_m(p.at, centre()) < 4.1 && p.motion == Motion::Stay));
    assert!(distance_m(shop[shop.len() - 1].at, centre()) < 0.1);
    let seen = phone_observe(&shop, &PhoneModel::every_second(), &mut rng);
    let wander: f64 = seen.windows(2).map(|w| distance_m(w[0].at, w[1].at)).sum();
    assert!(wander > 1_000.0, "an hour indoors looks like {wander} m to a naive sum");
    let cellar = stay_indoor(centre(), span, 4.0, Sky::Basement, &mut rng);
    assert!(phone_observe(&cellar, &PhoneModel::every_second(), &mut rng).is_empty());
}

#[test]
fn an_outage_leaves_a_gap_and_standing_saves_battery() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let span = (NOON_MS, NOON_MS + 3_600_000);
    let shop = stay_indoor(centre(), span, 0.0, Sky::Street, &mut rng);
    let mut model = PhoneModel { lost_share: 0.0, ..PhoneModel::balanced() };
    let usual = phone_observe(&shop, &model, &mut rng).len();
    assert!((55..75).contains(&usual), "{usual} fixes in an hour of standing");
    let gap = (NOON_MS + 600_000, NOON_MS + 1_800_000);
    model.outages.push(gap);
    let seen = phone_observe(&shop, &model, &mut rng);
    assert!(seen.iter().all(|o| !(gap.0 + 400..gap.1).contains(&o.t_ms)));
    assert!((15..25).contains(&(usual - seen.len())));
}

#[test]
fn a_day_runs_from_home_to_home() {
    let c = City::generate(7, centre());
    let shops = c.shops(9, 11);
    let stops =
        shops[..8].iter().enumerate().map(|(i, s)| Stop::new(format!("c{i}"), s.at, 20 + i as u32 * 3));
    let nine = NOON_MS - 3 * 3_600_000;
    let plan = DayPlan {
        home: city::people(&c, 2, 1)[1].home,
        office: Some(shops[8].at),
        stops: stops.collect(),
        duty_start_ms: nine,
        duty_end_ms: nine + 8 * 3_600_000,
        lunch: Some((NOON_MS, 45)),
        style: DriveStyle::CALM,
        roam_m: 4.0,
    };
    let day = day_script(&c, &plan, &mut ChaCha8Rng::seed_from_u64(6));
    assert!(day.points.windows(2).all(|w| w[1].t_ms - w[0].t_ms == 1000), "no second is missing");
    let jump = day.points.windows(2).map(|w| distance_m(w[0].at, w[1].at)).fold(0.0, f64::max);
    assert!(jump < 24.0, "nobody jumps {jump} m in a second");
    assert!(day.events.windows(2).all(|w| w[0].t_ms <= w[1].t_ms));
    let time = |what: &Happening| day.events.iter().find(|e| e.what == *what).map(|e| e.t_ms);
    assert_eq!(time(&Happening::DutyStart), Some(nine));
    assert_eq!(time(&Happening::DutyEnd), Some(plan.duty_end_ms));
    assert!(time(&Happening::LunchStart) >= Some(NOON_MS));
    assert!(time(&Happening::ArriveHome) > time(&Happening::DutyEnd));
    let mut done = 0;
    for (i, stop) in plan.stops.iter().enumerate() {
        let id = format!("c{i}");
        let (a, b) =
            (time(&Happening::CheckIn { stop: id.clone() }), time(&Happening::CheckOut { stop: id.clone() }));
        match (a, b) {
            (Some(a), Some(b)) => {
                assert_eq!(b - a, i64::from(stop.minutes) * 60_000);
                assert!(b <= plan.duty_end_ms);
                let here = day.between(a, b).iter().map(|p| distance_m(p.at, stop.at)).fold(0.0, f64::max);
                assert!(here < 5.0, "in the shop, not {here} m away");
                done += 1;
            }
            _ => assert!(day.skipped.contains(&id), "{id} is either visited or skipped"),
        }
    }
    assert!(done >= 6, "{done} visits in eight hours");
}
