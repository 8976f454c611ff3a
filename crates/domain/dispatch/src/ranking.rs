//! The ranking itself, pure: people with their place and the rest of their day in, offers with their reasons out.

use std::collections::{BTreeMap, BTreeSet};

use api::{Crow, TravelMode};
use geo::LngLat;
use route::{
    day::Break,
    model::SkillRule,
    rank::{Leg, Moved, Offer, Person, Planned, Ranked, Unable, Urgent, Weights, rank},
};

/// A visit still to be made. Times are Unix seconds.
#[derive(Debug, Clone)]
pub struct Ahead {
    pub at: LngLat,
    pub service_s: i64,
    /// When it may begin, within the hours of its customer.
    pub windows: Vec<(i64, i64)>,
    /// On the way there.
    pub begun: bool,
    /// Locked, or part of a prescribed order.
    pub locked: bool,
}

/// A person on duty.
#[derive(Debug, Clone)]
pub struct OnDuty {
    /// Where he is, or will be when free.
    pub at: LngLat,
    pub free_at: i64,
    pub shift_end: i64,
    /// Pauses still ahead.
    pub pauses: Vec<(i64, i64)>,
    pub skills: BTreeSet<String>,
    pub own_customer: bool,
    /// The customer prefers him.
    pub preferred: bool,
    /// The customer is never to be visited by him.
    pub barred: bool,
    /// How he gets about; `None`: as the company usually does.
    pub travel: Option<TravelMode>,
    pub ahead: Vec<Ahead>,
    /// Visits of today that are made or begun.
    pub made: usize,
    /// The way of today up to where he is, metres.
    pub gone_m: i64,
    /// What a day of his may hold.
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
    /// Where his day ends; `None`: at the last visit.
    pub end: Option<LngLat>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub at: LngLat,
    pub service_s: i64,
    pub skills: Vec<String>,
    pub latest: Option<i64>,
    pub grade: Option<String>,
    /// What the customer is marked with; who can do what a tag names knows such customers.
    pub tags: Vec<String>,
    /// Place of the customer's grade in the company's list: whose he is may be a little further away.
    pub rank: Option<usize>,
    pub now: i64,
}

impl Asked {
    /// Tags of the customer that name a skill of a person.
    pub fn known_to<'a>(&'a self, duty: &'a OnDuty) -> impl Iterator<Item = &'a String> {
        self.tags.iter().filter(|tag| duty.skills.contains(*tag))
    }
}

/// How a person could take the request, and what his day would have more than it should.
#[derive(Debug, Clone, PartialEq)]
pub struct Fare {
    pub offer: Offer,
    pub over: Over,
}

impl Fare {
    /// Whose day it is not too much for comes first, then who has fewer points.
    pub fn better(&self, other: &Fare) -> std::cmp::Ordering {
        let points = self.offer.points.total_cmp(&other.offer.points);
        self.over.any().cmp(&other.over.any()).then(points)
    }
}

/// How a person fares.
pub type Fares = Result<Fare, Unable>;

/// What is more than the day of a person should have. None of it keeps anybody from being sent; he comes after the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Over {
    /// Visits with the request, and how many the day may hold.
    pub visits: Option<(usize, usize)>,
    /// Metres of the day, and how many it may have.
    pub metres: Option<(i64, i64)>,
    /// When he is where his day ends, after his shift.
    pub home: Option<i64>,
}

impl Over {
    pub fn any(&self) -> bool {
        self.visits.is_some() || self.metres.is_some() || self.home.is_some()
    }
}

/// So much further away, in seconds, may be whom the customer prefers, and still be as good.
const PREFERRED_COUNTS: i64 = 900;

/// So much further away, in seconds, may be who can do what a tag of the customer names; two tags count at most.
const TAG_COUNTS: i64 = 120;

/// So much further away, in seconds, may the owner of a customer be and still be as good.
fn owner_counts(rank: Option<usize>) -> i64 {
    match rank {
        Some(0) => 900,
        Some(1) => 600,
        _ => 300,
    }
}

/// Ranks everybody by the straight line; `fares[k]` is of `people[k]`.
pub fn by_line(asked: &Asked, people: &[OnDuty], crows: &BTreeMap<Option<TravelMode>, Crow>) -> Vec<Fares> {
    let question = Question::of(asked, people);
    let places = &question.places;
    question.rank(asked, people, |a, b| {
        let crow = crows.get(&question.mode(people, a, b))?;
        let (seconds, metres) = crow.leg(places[a], places[b]);
        Some(Leg { seconds, metres })
    })
}

/// Ranks people by tables of travel between [`places`] of the same people, one for each way of getting about.
pub fn by_table(
    asked: &Asked,
    people: &[OnDuty],
    tables: &BTreeMap<Option<TravelMode>, api::TravelTable>,
) -> Vec<Fares> {
    let question = Question::of(asked, people);
    question.rank(asked, people, |a, b| {
        let table = tables.get(&question.mode(people, a, b))?;
        let cell = table.cells.get(a * table.size + b).copied().flatten();
        cell.map(|(seconds, metres)| Leg { seconds, metres })
    })
}

/// All places a ranking drives between: the request, the people, their visits and where their days end.
pub fn places(asked: &Asked, people: &[OnDuty]) -> Vec<LngLat> {
    Question::of(asked, people).places
}

/// The visits of an offer that make room, as places in `ahead`, and whether each leaves the day.
pub fn moved(offer: &Offer) -> impl Iterator<Item = (usize, bool)> {
    offer.moved.iter().map(|m| match m {
        Moved::Later(k) => (*k, false),
        Moved::HandOver(k) => (*k, true),
    })
}

struct Question {
    places: Vec<LngLat>,
    /// Whose each place is; the first is the request's own.
    owners: Vec<usize>,
    /// Place where each person's day ends.
    ends: Vec<Option<usize>>,
    urgent: Urgent,
    people: Vec<Person>,
}

impl Question {
    fn of(asked: &Asked, people: &[OnDuty]) -> Question {
        let mut places = vec![asked.at];
        places.extend(people.iter().map(|p| p.at));
        let mut owners: Vec<usize> = std::iter::once(0).chain(0..people.len()).collect();
        // Skills are numbered by the request: others do not matter.
        let number = |skills: &BTreeSet<String>| {
            (0_u32..).zip(&asked.skills).filter(|(_, s)| skills.contains(*s)).map(|(k, _)| k).collect()
        };
        let owner = owner_counts(asked.rank);
        let mut engine = Vec::with_capacity(people.len());
        let mut ends = Vec::with_capacity(people.len());
        for (k, p) in people.iter().enumerate() {
            let first = places.len();
            places.extend(p.ahead.iter().map(|v| v.at));
            ends.push(p.end.map(|_| places.len()));
            places.extend(p.end);
            owners.resize(places.len(), k);
            engine.push(Person {
                id: k as u64,
                place: k + 1,
                free_at: p.free_at,
                shift_end: p.shift_end,
                // Getting home late is said, it does not make anybody unable.
                end: None,
                skills: number(&p.skills),
                grade: 0,
                remaining: p
                    .ahead
                    .iter()
                    .enumerate()
                    .map(|(n, v)| Planned {
                        place: first + n,
                        service_s: v.service_s,
                        windows: v.windows.clone(),
                        fixed: v.locked,
                        begun: v.begun,
                    })
                    .collect(),
                breaks: p
                    .pauses
                    .iter()
                    .map(|(from, to)| Break { service_s: to - from, windows: vec![(*from, *to)] })
                    .collect(),
                preferred_s: TAG_COUNTS * asked.known_to(p).take(2).count() as i64
                    + if p.preferred {
                        PREFERRED_COUNTS
                    } else if p.own_customer {
                        owner
                    } else {
                        0
                    },
                barred: p.barred,
            });
        }
        let urgent = Urgent {
            place: 0,
            service_s: asked.service_s,
            skills: SkillRule { all: (0..asked.skills.len() as u32).collect(), ..SkillRule::default() },
            grade: 0,
            latest: asked.latest,
        };
        Question { places, owners, ends, urgent, people: engine }
    }

    /// How whoever goes from one place to another gets about: one of the two is a place of his.
    fn mode(&self, people: &[OnDuty], a: usize, b: usize) -> Option<TravelMode> {
        people.get(self.owners[a.max(b)])?.travel
    }

    fn rank(
        &self,
        asked: &Asked,
        people: &[OnDuty],
        travel: impl Fn(usize, usize) -> Option<Leg>,
    ) -> Vec<Fares> {
        let mut fares = vec![Err(Unable::NoWay); self.people.len()];
        for Ranked { person, result } in
            rank(&self.urgent, &self.people, asked.now, &Weights::default(), &travel)
        {
            fares[person] = result.map(|offer| {
                let last = offer.order.last().copied().flatten();
                let last = last.map_or(self.urgent.place, |n| self.people[person].remaining[n].place);
                let home = self.ends[person].and_then(|end| travel(last, end));
                Fare { over: over(&people[person], &offer, home), offer }
            });
        }
        fares
    }
}

/// What an offer makes too much of a person's day; `home`: the way from its last visit to where it ends.
fn over(duty: &OnDuty, offer: &Offer, home: Option<Leg>) -> Over {
    let visits = duty.made + offer.order.len();
    let metres = duty.gone_m + offer.metres + home.map_or(0, |leg| leg.metres);
    Over {
        visits: duty.most_visits.filter(|most| visits > *most).map(|most| (visits, most)),
        metres: duty.most_m.filter(|most| metres > *most).map(|most| (metres, most)),
        home: home.map(|leg| offer.finish + leg.seconds).filter(|there| *there > duty.shift_end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;

    const CROW: Crow = Crow { detour_permille: 1000, speed_kmh: 36 };

    fn crows() -> BTreeMap<Option<TravelMode>, Crow> {
        BTreeMap::from([(None, CROW), (Some(TravelMode::Foot), Crow { speed_kmh: 6, ..CROW })])
    }

    fn centre() -> LngLat {
        LngLat::new(118.78, 32.04).unwrap()
    }

    fn person(km: f64) -> OnDuty {
        OnDuty {
            at: destination(centre(), 90.0, km * 1000.0),
            free_at: 0,
            shift_end: 8 * 3600,
            pauses: vec![],
            skills: BTreeSet::new(),
            own_customer: false,
            preferred: false,
            barred: false,
            travel: None,
            ahead: vec![],
            made: 0,
            gone_m: 0,
            most_visits: None,
            most_m: None,
            end: None,
        }
    }

    fn asked() -> Asked {
        Asked {
            at: centre(),
            service_s: 1800,
            skills: vec![],
            latest: None,
            grade: None,
            tags: vec![],
            rank: Some(0),
            now: 0,
        }
    }

    #[test]
    fn by_the_line_and_by_the_same_table_come_to_the_same() {
        let mut people = vec![person(3.0), person(1.0), person(2.0)];
        people[1].ahead = vec![Ahead {
            at: destination(centre(), 0.0, 1500.0),
            service_s: 1800,
            windows: vec![(0, 30_000)],
            begun: false,
            locked: false,
        }];
        let all = places(&asked(), &people);
        let cells = (0..all.len() * all.len())
            .map(|k| Some(CROW.leg(all[k / all.len()], all[k % all.len()])))
            .collect();
        let table =
            api::TravelTable { size: all.len(), cells, source: api::TravelSource::of("straight_line") };
        let tables = BTreeMap::from([(None, table)]);
        assert_eq!(by_line(&asked(), &people, &crows()), by_table(&asked(), &people, &tables));
    }

    #[test]
    fn whoever_walks_is_there_later() {
        let mut people = vec![person(1.0), person(2.0)];
        people[0].travel = Some(TravelMode::Foot);
        let fares = by_line(&asked(), &people, &crows());
        let eta = |k: usize| fares[k].as_ref().unwrap().offer.eta;
        assert!((600..=602).contains(&eta(0)) && (200..=202).contains(&eta(1)), "{} {}", eta(0), eta(1));
    }

    #[test]
    fn skills_are_asked_by_name() {
        let mut people = vec![person(1.0), person(2.0)];
        people[1].skills = BTreeSet::from(["冷链".to_owned(), "电工".to_owned()]);
        let asked = Asked { skills: vec!["电工".into()], ..asked() };
        let fares = by_line(&asked, &people, &crows());
        assert_eq!(fares[0], Err(Unable::Skill));
        assert!((200..=202).contains(&fares[1].as_ref().unwrap().offer.eta), "two kilometres at 10 m/s");
    }

    #[test]
    fn whom_the_customer_prefers_may_be_further_away_than_the_owner() {
        let mut people = vec![person(1.0), person(3.0), person(0.1)];
        people[0].own_customer = true;
        people[1].preferred = true;
        people[2].barred = true;
        let asked = Asked { rank: None, ..asked() };
        let fares = by_line(&asked, &people, &crows());
        let points = |k: usize| fares[k].as_ref().unwrap().offer.points;
        assert!(points(1) < points(0), "{} {}", points(1), points(0));
        assert_eq!(fares[2], Err(Unable::Barred));
    }

    #[test]
    fn who_can_do_what_a_tag_names_may_be_a_little_further_away() {
        let mut people = vec![person(1.0), person(1.4), person(4.0)];
        people[1].skills = BTreeSet::from(["冷链".to_owned()]);
        people[2].skills = BTreeSet::from(["冷链".to_owned(), "连锁".to_owned(), "电工".to_owned()]);
        let asked = Asked { tags: vec!["冷链".into(), "连锁".into()], ..asked() };
        let fares = by_line(&asked, &people, &crows());
        let points = |k: usize| fares[k].as_ref().unwrap().offer.points;
        assert!(points(1) < points(0), "40 s further, one tag: {} {}", points(1), points(0));
        assert!(points(2) > points(0), "300 s further, two tags: {} {}", points(2), points(0));
        assert_eq!(asked.known_to(&people[2]).collect::<Vec<_>>(), ["冷链", "连锁"]);
    }

    #[test]
    fn a_full_day_and_a_late_way_home_are_said() {
        let mut people = vec![person(1.0), person(1.0), person(1.0), person(1.0)];
        (people[1].made, people[1].most_visits) = (2, Some(2));
        (people[2].gone_m, people[2].most_m) = (9_500, Some(10_000));
        // Done after 100 s on the way and half an hour; 270 km at 10 m/s are seven hours and a half.
        people[3].end = Some(destination(centre(), 0.0, 270_000.0));
        let over = |people: &[OnDuty]| -> Vec<Over> {
            by_line(&asked(), people, &crows()).into_iter().map(|f| f.unwrap().over).collect()
        };
        let said = over(&people);
        assert_eq!(said[0], Over::default());
        assert_eq!(said[1], Over { visits: Some((3, 2)), ..Over::default() });
        assert!(matches!(said[2].metres, Some((10_500..=10_502, 10_000))), "{:?}", said[2]);
        assert!(said[3].home.is_some_and(|t| (28_801..=29_200).contains(&t)), "{:?}", said[3]);
        assert!(said[1..].iter().all(Over::any));
        // As much as a day may hold is not too much.
        people[1].most_visits = Some(3);
        people[2].most_m = Some(11_000);
        people[3].shift_end = 9 * 3600;
        assert!(!over(&people).iter().any(Over::any));
    }

    #[test]
    fn a_pause_is_not_driven_through() {
        let mut people = vec![person(2.0)];
        people[0].pauses = vec![(100, 3700)];
        let offer = by_line(&asked(), &people, &crows())[0].clone().unwrap().offer;
        assert!(
            (3800..=3802).contains(&offer.eta),
            "100 s on the way, an hour of pause, 100 s more: {}",
            offer.eta
        );
    }
}
