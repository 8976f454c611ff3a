//! A working day: from home to the first customer, the visits, lunch, and the way home.

use geo::LngLat;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::City;
use crate::course::course;
use crate::drive::{DriveStyle, drive_way};
use crate::track::{Sky, TruePoint, stay_indoor, walk};

/// One customer to visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Comes back in the events.
    pub id: String,
    pub at: LngLat,
    /// From check-in to check-out.
    pub minutes: u32,
    /// Steps of the visit, spread evenly.
    pub steps: u32,
    /// Wait in the car until then.
    pub not_before_ms: Option<i64>,
    /// No satellite signal in the shop.
    pub basement: bool,
}

impl Stop {
    /// A visit with four steps in a shop above ground.
    pub fn new(id: impl Into<String>, at: LngLat, minutes: u32) -> Stop {
        Stop { id: id.into(), at, minutes, steps: 4, not_before_ms: None, basement: false }
    }
}

/// What one person is to do on one day. Times are Unix milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct DayPlan {
    pub home: LngLat,
    /// Where duty begins; None: at home.
    pub office: Option<LngLat>,
    pub stops: Vec<Stop>,
    pub duty_start_ms: i64,
    pub duty_end_ms: i64,
    /// Not before this time, for so many minutes.
    pub lunch: Option<(i64, u32)>,
    pub style: DriveStyle,
    /// How far one moves about in a shop, metres.
    pub roam_m: f64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Happening {
    DepartHome,
    DutyStart,
    /// The car stands near the shop.
    Arrive {
        stop: String,
    },
    CheckIn {
        stop: String,
    },
    /// Counted from 0.
    StepDone {
        stop: String,
        step: u32,
    },
    CheckOut {
        stop: String,
    },
    /// The car sets off again.
    Leave {
        stop: String,
    },
    LunchStart,
    LunchEnd,
    DutyEnd,
    ArriveHome,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayEvent {
    /// Unix milliseconds.
    pub t_ms: i64,
    /// Where the person truly was.
    pub at: LngLat,
    #[serde(flatten)]
    pub what: Happening,
}

/// A whole day, second by second, and what happened in it. Both in order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DayScript {
    pub points: Vec<TruePoint>,
    pub events: Vec<DayEvent>,
    /// Stops for which no time was left.
    pub skipped: Vec<String>,
}

impl DayScript {
    /// The true points from `from_ms` to before `to_ms`.
    pub fn between(&self, from_ms: i64, to_ms: i64) -> &[TruePoint] {
        let a = self.points.partition_point(|p| p.t_ms < from_ms);
        let b = self.points.partition_point(|p| p.t_ms < to_ms);
        &self.points[a..b.max(a)]
    }
}

const MINUTE_MS: i64 = 60_000;

/// Lives the day. Visits that could not be finished before the end of duty are skipped.
pub fn day_script(city: &City, plan: &DayPlan, rng: &mut ChaCha8Rng) -> DayScript {
    let start = plan.office.unwrap_or(plan.home);
    let commute_s =
        if plan.office.is_some() { city.shortest_path(plan.home, start).seconds * 1.5 + 240.0 } else { 60.0 };
    let wake = plan.duty_start_ms - (commute_s as i64) * 1000 - 10 * MINUTE_MS;
    let mut day = Recorder::new(city, plan.home, wake, plan.style, rng);
    if plan.office.is_some() {
        day.stay(wake + 10 * MINUTE_MS, 1.0, Sky::Indoor);
        day.note(Happening::DepartHome);
        day.go(start, Sky::Indoor);
        day.stay(plan.duty_start_ms, 1.0, Sky::Indoor);
        day.note(Happening::DutyStart);
    } else {
        day.stay(plan.duty_start_ms, 1.0, Sky::Indoor);
        day.note(Happening::DutyStart);
        day.note(Happening::DepartHome);
    }
    let mut lunch = plan.lunch;
    for stop in &plan.stops {
        if let Some((from, minutes)) = lunch.filter(|l| day.now_ms >= l.0 - 10 * MINUTE_MS) {
            day.lunch(from, minutes, 1.0);
            lunch = None;
        }
        let way = city.shortest_path(day.at, stop.at);
        let arrival = day.now_ms + (way.seconds * 1300.0) as i64;
        let begin = arrival.max(stop.not_before_ms.unwrap_or(arrival));
        if begin + i64::from(stop.minutes + 3) * MINUTE_MS > plan.duty_end_ms {
            day.script.skipped.push(stop.id.clone());
            continue;
        }
        day.visit(stop, plan.roam_m);
    }
    if let Some((from, minutes)) = lunch.filter(|l| l.0 + i64::from(l.1) * MINUTE_MS < plan.duty_end_ms) {
        day.lunch(from, minutes, 1.0);
    }
    day.stay(plan.duty_end_ms, 0.0, Sky::Street);
    day.note(Happening::DutyEnd);
    day.go_home(plan.home);
    day.script
}

/// Writes a day down while it goes on.
pub(crate) struct Recorder<'a> {
    city: &'a City,
    rng: &'a mut ChaCha8Rng,
    style: DriveStyle,
    pub script: DayScript,
    pub now_ms: i64,
    pub at: LngLat,
    /// Where the chances of the next drives come from, when they were tried before.
    pub drive_rng: Option<ChaCha8Rng>,
    /// The shop one is still standing at.
    left_from: Option<String>,
}

impl<'a> Recorder<'a> {
    pub fn new(
        city: &'a City,
        at: LngLat,
        now_ms: i64,
        style: DriveStyle,
        rng: &'a mut ChaCha8Rng,
    ) -> Recorder<'a> {
        Recorder {
            city,
            rng,
            style,
            script: DayScript::default(),
            now_ms,
            at,
            drive_rng: None,
            left_from: None,
        }
    }

    pub fn note(&mut self, what: Happening) {
        self.script.events.push(DayEvent { t_ms: self.now_ms, at: self.at, what });
    }

    /// Takes over points; the first may repeat the second we are at.
    fn append(&mut self, points: Vec<TruePoint>) {
        let last = self.script.points.last().map_or(i64::MIN, |p| p.t_ms);
        if let Some(end) = points.last() {
            (self.now_ms, self.at) = (end.t_ms.max(self.now_ms), end.at);
        }
        self.script.points.extend(points.into_iter().filter(|p| p.t_ms > last));
    }

    /// Stays where we are until a time; no time passes when that is over already.
    pub fn stay(&mut self, until_ms: i64, roam_m: f64, sky: Sky) {
        if until_ms > self.now_ms {
            let points = stay_indoor(self.at, (self.now_ms, until_ms), roam_m, sky, self.rng);
            self.append(points);
        }
    }

    /// To the car, by car, and to the door.
    pub fn go(&mut self, to: LngLat, door: Sky) {
        self.drive_to(to);
        self.walk_to(to, door);
    }

    pub fn walk_to(&mut self, to: LngLat, sky: Sky) {
        let points = walk(self.at, to, self.now_ms, sky, self.rng);
        self.append(points);
    }

    /// From here to the car that stands at the kerb, and to the kerb near `to`.
    pub fn drive_to(&mut self, to: LngLat) {
        let way = self.city.shortest_path(self.at, to);
        let Some(&kerb) = course(&way).line.first() else { return };
        self.walk_to(self.city.lng_lat(kerb), Sky::Street);
        if let Some(stop) = self.left_from.take() {
            self.note(Happening::Leave { stop });
        }
        let rng = self.drive_rng.as_mut().unwrap_or(self.rng);
        let points = drive_way(self.city, &way, self.now_ms, self.style, rng);
        self.append(points);
    }

    /// The whole visit: arrive, wait if one must, check in, steps, check out. Stays at the door.
    pub fn visit(&mut self, stop: &Stop, roam_m: f64) {
        self.drive_to(stop.at);
        self.note(Happening::Arrive { stop: stop.id.clone() });
        if let Some(t) = stop.not_before_ms {
            self.stay(t - 25_000, 0.0, Sky::Street);
        }
        let sky = if stop.basement { Sky::Basement } else { Sky::Indoor };
        self.walk_to(stop.at, if stop.basement { Sky::Street } else { Sky::Indoor });
        // Engine off, bag out, in at the door, a word at the counter.
        self.stay(stop.not_before_ms.unwrap_or(self.now_ms + 75_000), 0.0, Sky::Indoor);
        self.note(Happening::CheckIn { stop: stop.id.clone() });
        let (begin, whole) = (self.now_ms, i64::from(stop.minutes) * MINUTE_MS);
        for step in 0..stop.steps {
            let share = f64::from(step + 1) / (f64::from(stop.steps) + 0.6);
            self.stay(begin + (whole as f64 * share / 1000.0) as i64 * 1000, roam_m, sky);
            self.note(Happening::StepDone { stop: stop.id.clone(), step });
        }
        self.stay(begin + whole, roam_m, sky);
        self.note(Happening::CheckOut { stop: stop.id.clone() });
        self.left_from = Some(stop.id.clone());
    }

    /// Lunch next door, not before a time.
    pub fn lunch(&mut self, from_ms: i64, minutes: u32, roam_m: f64) {
        self.stay(from_ms, 0.0, Sky::Indoor);
        self.note(Happening::LunchStart);
        self.stay(self.now_ms + i64::from(minutes) * MINUTE_MS, roam_m, Sky::Indoor);
        self.note(Happening::LunchEnd);
    }

    pub fn go_home(&mut self, home: LngLat) {
        self.go(home, Sky::Indoor);
        self.note(Happening::ArriveHome);
        self.stay(self.now_ms + 20 * MINUTE_MS, 2.0, Sky::Indoor);
    }
}
