//! The day everything is tested with: five customers, 09:00–17:00, 150 minutes in shops, 38.0 km, a shop
//! without signal, and a way home of 12 km that nobody may see.
//!
//! The customers are placed along the streets so that the legs have these lengths exactly, and so that no
//! other order of visiting them is shorter.

use geo::{LngLat, distance_m};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::City;
use crate::day::{DayScript, Happening, Recorder, Stop};
use crate::drive::{DriveStyle, drive};
use crate::shops::{Grade, Shop, ShopKind};
use crate::site::{Site, find_sites};
use crate::street::StreetClass;
use crate::track::{Sky, travelled_m};

/// Metres from the last place to each customer.
pub const LEGS_M: [f64; 5] = [9_600.0, 4_100.0, 6_800.0, 8_700.0, 8_800.0];
/// From check-in to check-out.
pub const VISIT_MINUTES: [u32; 5] = [32, 28, 31, 29, 30];
/// From the last customer home.
pub const HOME_M: f64 = 12_000.0;

/// Check-in times as minutes of the day.
const CHECK_INS: [i64; 5] = [9 * 60 + 33, 10 * 60 + 31, 11 * 60 + 28, 14 * 60 + 4, 16 * 60 + 5];
/// On the fifth leg he stops at a warehouse, after some 2.6 km, from 14:45 until it is time to go on.
const WAREHOUSE_M: f64 = 2_600.0;
const WAREHOUSE_FROM: i64 = 14 * 60 + 45;
const MINUTE_MS: i64 = 60_000;
/// The traffic of the day.
const TRAFFIC: f64 = 1.2;

const CUSTOMERS: [(ShopKind, Grade, (&str, &str)); 5] = [
    (ShopKind::Supermarket, Grade::A, ("惠万家超市", "Huiwanjia Supermarket")),
    (ShopKind::Convenience, Grade::A, ("苏福便利", "Sufu Convenience")),
    (ShopKind::Grocery, Grade::B, ("老门东食品行", "Laomendong Foods")),
    (ShopKind::LiquorTobacco, Grade::B, ("金陵烟酒行", "Jinling Liquor & Tobacco")),
    (ShopKind::Supermarket, Grade::A, ("云锦生活超市", "Yunjin Life Supermarket")),
];

#[derive(Debug, Clone)]
pub struct StoryCustomer {
    /// The `stop` of the script's events: `story-1` … `story-5`.
    pub id: String,
    pub shop: Shop,
    pub minutes: u32,
    pub check_in_ms: i64,
    pub check_out_ms: i64,
    /// Below ground, no satellite signal: the third.
    pub basement: bool,
    /// Metres on the way from the last customer, walks to and from the car included.
    pub leg_m: f64,
}

/// The story with everything needed to play it.
#[derive(Debug, Clone)]
pub struct Story {
    pub home: LngLat,
    /// Where duty begins at 09:00.
    pub office: LngLat,
    pub customers: Vec<StoryCustomer>,
    /// Not a customer: a stop of about an hour on the fifth leg.
    pub warehouse: LngLat,
    /// 09:00 and 17:00 as Unix milliseconds.
    pub duty_start_ms: i64,
    pub duty_end_ms: i64,
    /// Lunch 12:00–13:00.
    pub lunch_ms: (i64, i64),
    /// 11 minutes in the parked car, 13:20–13:31. Put it into [`crate::PhoneModel::outages`] for a gap that
    /// hides no way.
    pub gap_ms: (i64, i64),
    pub script: DayScript,
    /// On the way inside duty: 38.0 km.
    pub driven_m: f64,
}

/// Builds the story for the day that begins at `midnight_ms` (Unix milliseconds of 00:00 local time).
pub fn story_day(city: &City, midnight_ms: i64) -> Story {
    let mut rng = ChaCha8Rng::seed_from_u64(city.seed ^ 0x5709);
    let clock = |minute: i64| midnight_ms + minute * MINUTE_MS;
    let mut made = Making::of(city, midnight_ms, &mut rng);
    for _ in 0..12 {
        if made.miss_m() < 3.0 {
            break;
        }
        // A moved customer turned the way to the next one round: look for other places.
        let other = Making::of(city, midnight_ms, &mut rng);
        if other.miss_m() < made.miss_m() {
            made = other;
        }
    }
    let customers: Vec<StoryCustomer> = made
        .legs
        .iter()
        .enumerate()
        .map(|(k, leg)| {
            let (kind, grade, brand) = CUSTOMERS[k];
            let mut shop = city.shop(kind, brand, leg.site.place, leg.site.at, 100 + k, &mut rng);
            shop.grade = grade;
            if k == 2 {
                shop.address.push_str("地下一层");
            }
            let check_in_ms = clock(CHECK_INS[k]);
            StoryCustomer {
                id: format!("story-{}", k + 1),
                shop,
                minutes: VISIT_MINUTES[k],
                check_in_ms,
                check_out_ms: check_in_ms + i64::from(VISIT_MINUTES[k]) * MINUTE_MS,
                basement: k == 2,
                leg_m: leg.metres,
            }
        })
        .collect();
    let warehouse = made.legs.last().and_then(|l| l.via).unwrap_or(made.office);
    let mut story = Story {
        home: made.home.as_ref().map_or(made.office, |l| l.site.at),
        office: made.office,
        customers,
        warehouse,
        duty_start_ms: clock(9 * 60),
        duty_end_ms: clock(17 * 60),
        lunch_ms: (clock(12 * 60), clock(13 * 60)),
        gap_ms: (clock(13 * 60 + 20), clock(13 * 60 + 31)),
        script: DayScript::default(),
        driven_m: 0.0,
    };
    story.script = play(city, &story, &made.legs, &mut rng);
    story.driven_m = travelled_m(story.script.between(story.duty_start_ms, story.duty_end_ms));
    story
}

/// One leg that has its length.
struct Leg {
    site: Site,
    via: Option<LngLat>,
    metres: f64,
    /// How long the drive takes, without a stop on the way.
    seconds: Vec<i64>,
}

/// Places for the whole story.
struct Making<'a> {
    city: &'a City,
    midnight_ms: i64,
    office: LngLat,
    legs: Vec<Leg>,
    home: Option<Leg>,
}

impl<'a> Making<'a> {
    fn of(city: &'a City, midnight_ms: i64, rng: &mut ChaCha8Rng) -> Making<'a> {
        let sites = find_sites(city, &LEGS_M, HOME_M, rng);
        let mut made = Making { city, midnight_ms, office: sites.office, legs: Vec::new(), home: None };
        for (k, site) in sites.customers.iter().enumerate() {
            made.place(k, *site);
        }
        made.home = Some(made.settle(*made.last_place(), sites.home, HOME_M, None, 17 * 60 + 1));
        made
    }

    /// The largest difference between a leg and its wanted length.
    fn miss_m(&self) -> f64 {
        let wanted = LEGS_M.into_iter().chain([HOME_M]);
        let made = self.legs.iter().chain(&self.home);
        made.zip(wanted).map(|(leg, m)| (leg.metres - m).abs()).fold(0.0, f64::max)
    }

    fn last_place(&self) -> &LngLat {
        self.legs.last().map_or(&self.office, |l| &l.site.at)
    }

    fn place(&mut self, k: usize, site: Site) {
        let from = *self.last_place();
        let via = if k == 4 { point_on_way(self.city, from, site.at, WAREHOUSE_M) } else { None };
        let minute = leg_minute(k);
        let mut leg = self.settle(from, site, LEGS_M[k], via, minute);
        if via.is_some() && (leg.metres - LEGS_M[k]).abs() > 3.0 {
            // Where stopping on the way makes a detour, he does without.
            leg = self.settle(from, site, LEGS_M[k], None, minute);
        }
        self.legs.push(leg);
    }

    /// Moves a site along its street until the leg is as long as it should be, to a metre or two.
    fn settle(&self, from: LngLat, site: Site, wanted_m: f64, via: Option<LngLat>, minute: i64) -> Leg {
        let mut now = site;
        let mut best = self.measure(from, now, via, minute);
        for _ in 0..8 {
            let short_by = wanted_m - best.metres;
            if short_by.abs() < 0.8 {
                break;
            }
            let Some(next) = now.moved(self.city, short_by) else { break };
            let leg = self.measure(from, next, via, minute);
            if (wanted_m - leg.metres).abs() >= short_by.abs() {
                break;
            }
            (now, best) = (next, leg);
        }
        best
    }

    fn measure(&self, from: LngLat, site: Site, via: Option<LngLat>, minute: i64) -> Leg {
        let mut rng = leg_chances(minute);
        let at = self.midnight_ms + minute * MINUTE_MS;
        let style = DriveStyle::CALM.in_traffic(TRAFFIC);
        let (mut metres, mut seconds, mut here) = (0.0, Vec::new(), from);
        for to in via.into_iter().chain([site.at]) {
            let points = drive(self.city, here, to, at, style, &mut rng);
            let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
            metres += distance_m(here, first.at) + travelled_m(&points);
            seconds.push((last.t_ms - first.t_ms) / 1000);
            here = last.at;
        }
        metres += distance_m(here, site.at);
        Leg { site, via, metres, seconds }
    }
}

/// When a leg is driven, about; the traffic of the hour and the lights hang on it.
fn leg_minute(k: usize) -> i64 {
    CHECK_INS[k] - 30
}

/// A leg is measured and played with the same lights.
fn leg_chances(minute: i64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(minute as u64)
}

/// A place to park on the way, as near as can be to so many metres from its start: in the middle of a piece
/// of street, not on a fast road. None on a way without such a piece.
fn point_on_way(city: &City, from: LngLat, to: LngLat, after_m: f64) -> Option<LngLat> {
    let way = city.shortest_path(from, to);
    let mut gone = 0.0;
    let mut best: Option<(f64, LngLat)> = None;
    for w in way.points.windows(2) {
        let length = distance_m(w[0].at, w[1].at);
        let middle = w[0].p.lerp(w[1].p, 0.5);
        let here = gone + length / 2.0;
        gone += length;
        let place = city.snap(city.lng_lat(middle));
        let edge = &city.edges[place.edge];
        let clear = place.along_m > 25.0 && place.along_m < edge.length_m - 25.0;
        let parks = w[0].class != StreetClass::Fast && !edge.bridge && edge.street == w[0].street && clear;
        let inner = here > 400.0 && here < way.length_m - 400.0;
        let miss = (here - after_m).abs();
        if parks && inner && best.is_none_or(|b| miss < b.0) {
            best = Some((miss, city.at(place)));
        }
    }
    best.map(|b| b.1)
}

/// Plays the day: sets off so as to be at the door two minutes before each check-in.
fn play(city: &City, story: &Story, legs: &[Leg], rng: &mut ChaCha8Rng) -> DayScript {
    let clock = |minute: i64| story.duty_start_ms + (minute - 9 * 60) * MINUTE_MS;
    let commute = city.shortest_path(story.home, story.office).seconds * 1.7 + 300.0;
    let wake = story.duty_start_ms - (commute as i64) * 1000 - 15 * MINUTE_MS;
    let style = DriveStyle::CALM.in_traffic(TRAFFIC);
    let mut day = Recorder::new(city, story.home, wake, style, rng);
    day.stay(wake + 12 * MINUTE_MS, 1.0, Sky::Indoor);
    day.note(Happening::DepartHome);
    day.go(story.office, Sky::Indoor);
    day.stay(story.duty_start_ms, 0.0, Sky::Indoor);
    day.note(Happening::DutyStart);
    for (k, c) in story.customers.iter().enumerate() {
        day.drive_rng = Some(leg_chances(leg_minute(k)));
        let took = |n: usize| legs[k].seconds.get(n).copied().unwrap_or(0) * 1000;
        match (k, legs[k].via) {
            (3, _) => {
                // Lunch in the same house; after it a while in the car, and some minutes before the door opens.
                day.lunch(story.lunch_ms.0, 60, 0.0);
                day.stay(c.check_in_ms - took(0) - 7 * MINUTE_MS, 0.0, Sky::Street);
            }
            (4, Some(warehouse)) => {
                day.stay(clock(WAREHOUSE_FROM) - took(0) - MINUTE_MS, 0.0, Sky::Indoor);
                day.drive_to(warehouse);
                day.stay(c.check_in_ms - took(1) - 150_000, 0.0, Sky::Street);
            }
            _ => day.stay(c.check_in_ms - took(0) - 150_000, 0.0, Sky::Indoor),
        }
        let mut stop = Stop::new(c.id.clone(), c.shop.at, c.minutes);
        stop.not_before_ms = Some(c.check_in_ms);
        stop.basement = c.basement;
        stop.steps = 5;
        day.visit(&stop, 0.15);
    }
    day.stay(story.duty_end_ms, 0.0, Sky::Indoor);
    day.note(Happening::DutyEnd);
    let pause = day.now_ms + 40_000;
    day.stay(pause, 0.0, Sky::Indoor);
    day.go_home(story.home);
    day.script
}
