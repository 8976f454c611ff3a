//! Who could go now: people in reach with their positions and the rest of their days, ranked.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use api::{TravelMode, TravelSource};
use base::{Micros, Problem};
use db::{Query, Result, Scope};
use geo::LngLat;
use jiff::tz::TimeZone;
use org::Person;
use route::rank::{Offer, Unable};
use tracking::{DayRule, Latest};
use uuid::Uuid;
use work::{DayWork, Task, TaskStatus, Window};

use crate::{
    Inner, NO_PLACE,
    model::{Candidate, Candidates, Exceeded, Factors, MovedVisit, OfferStatus, UnablePerson},
    ranking::{self, Ahead, Asked, Fare, Fares, OnDuty},
    sql,
};

/// A position older than this tells nothing of where somebody is.
const SILENT_AFTER: i64 = 10 * Micros::MINUTE;
/// A visit is expected to last this long when nothing says more.
pub(crate) const USUAL_VISIT_S: i64 = 30 * 60;
/// A visit that is longer than expected is expected to end so much from now.
const SOON_S: i64 = 5 * 60;
/// So many of the best by the straight line are ranked anew by streets, where the server knows them.
const REFINED: usize = 20;
/// Most places of that; see `moment_table`.
const REFINED_PLACES: usize = 600;
/// Most people shown who can go, and who cannot.
const SHOWN: usize = 40;

/// A person who is on duty and whose place is known.
pub(crate) struct Known {
    pub person: Person,
    pub idle: bool,
    pub fix_at: Option<Micros>,
    pub duty: OnDuty,
    /// Task and customer of each of `duty.ahead`.
    tasks: Vec<(Uuid, String)>,
}

/// Everybody who was looked at.
pub(crate) struct Crowd {
    pub now: Micros,
    pub asked: Asked,
    pub source: TravelSource,
    pub known: Vec<Known>,
    pub fares: Vec<Fares>,
    /// Off duty or silent.
    pub away: Vec<(Person, &'static str)>,
    zone: TimeZone,
    /// Hours of the customer today, minutes after midnight; `None`: always.
    open: Option<Vec<(i32, i32)>>,
}

/// What somebody has to go for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub customer_id: Uuid,
    pub at: Option<LngLat>,
    pub service_s: i64,
    pub skills: Vec<String>,
    /// He must have begun by then.
    pub latest_at: Option<Micros>,
    pub grade: Option<String>,
    /// Whose customer it is.
    pub owner_id: Option<Uuid>,
}

/// What is asked of whom.
pub(crate) struct Question<'a> {
    pub request: &'a Wanted,
    /// Whom the dispatcher may send; everybody in reach when `None`.
    pub only: Option<&'a (dyn Fn(&Person) -> bool + Sync)>,
    /// Also people who cannot be there in time.
    pub late: bool,
}

const fn seconds(t: Micros) -> i64 {
    t.0.div_euclid(Micros::SECOND)
}

fn ms(t: Micros) -> i64 {
    t.0.div_euclid(1000)
}

/// Looks at everybody and ranks who is there.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn crowd(inner: &Inner, scope: &Scope, ask: &Question<'_>) -> Result<Crowd> {
    let (kit, tracking, now) = (&inner.kit, &inner.tracking, inner.kit.now());
    let zone = tracking.zone(scope.tenant()).await?;
    let today = now.local_day(&zone);
    let mut r = kit.db.read(scope).await?;
    let mut people = org::people(&mut r).await?;
    let mut works = work::day_of_all(&mut r, today, now).await?;
    let kept = work::kept_orders(&mut r, today).await?;
    let mut can = org::skills(&mut r).await?;
    let days = org::DayRules::read(&mut r).await?;
    let place = customers::place_of_company(&mut r, ask.request.customer_id).await?;
    let (open, whom) = (place.hours.on(today), place.whom);
    let grades = customers::grades(&mut r).await?;
    let served = customers::served_one(&mut r, ask.request.customer_id).await?;
    drop(r);
    if let Some(only) = ask.only {
        people.retain(|p| only(p));
    }
    let latest = tracking.latest(scope.tenant(), today).await?;
    let stays: HashMap<Option<String>, i64> = kit.travel.usual_stays(scope).await.into_iter().collect();
    let asked = Asked {
        at: ask.request.at.ok_or_else(|| Problem::new(NO_PLACE))?,
        service_s: ask.request.service_s,
        skills: ask.request.skills.clone(),
        latest: ask.request.latest_at.filter(|_| !ask.late).map(seconds),
        grade: ask.request.grade.clone(),
        tags: served.map(|s| s.tags).unwrap_or_default(),
        rank: grades.rank(ask.request.grade.as_deref()),
        now: seconds(now),
    };
    let mut known: Vec<Known> = vec![];
    let mut gone: Vec<Vec<LngLat>> = vec![];
    let mut away = vec![];
    for person in people {
        let rule = tracking.rule(scope.tenant(), person.id, today).await?;
        let work = works.remove(&person.id).unwrap_or_default();
        // Who is never tracked works at a desk; he is not part of the choice.
        if rule.never.is_some() {
            continue;
        }
        let shift = Shift::of(&rule, now);
        let Some(shift) = shift else {
            away.push((person, "off_duty"));
            continue;
        };
        let stay = |grade: &Option<String>, least: i64| {
            stays.get(grade).copied().unwrap_or(USUAL_VISIT_S).max(least)
        };
        let Some(place) = whereabouts(now, &work, latest.get(&person.id), &stay) else {
            away.push((person, "silent"));
            continue;
        };
        let mut tasks = vec![];
        let mut ahead = vec![];
        for t in work.tasks.iter().filter(|t| work::is_open(t.status) && t.status != TaskStatus::OnSite) {
            let Some(at) = t.customer.at else { continue };
            let minute = |m: i32| seconds(t.day.at_minute(m, &zone));
            let whole = (minute(t.window.from_minute), minute(t.window.to_minute));
            let service_s = t.service_s.unwrap_or_else(|| stay(&t.customer.grade, t.min_stay_s));
            let within = |(opens, closes): (i32, i32)| {
                let last = (minute(closes) - service_s).max(minute(opens));
                let (from, to) = (whole.0.max(minute(opens)), whole.1.min(last));
                (from <= to).then_some((from, to))
            };
            let open = t.customer.hours.on(t.day).unwrap_or_else(|| vec![(0, 1440)]);
            let mut windows: Vec<(i64, i64)> = open.into_iter().filter_map(within).collect();
            if windows.is_empty() || t.customer.hours.is_always() {
                windows = vec![whole];
            }
            tasks.push((t.id, t.customer.name.clone()));
            ahead.push(Ahead {
                at,
                service_s,
                windows,
                begun: t.status == TaskStatus::OnTheWay,
                locked: t.locked || t.plan_id.is_some_and(|p| kept.contains(&p)),
            });
        }
        let terms = days.of(&person);
        let counts = |t: &&Task| t.status == TaskStatus::Done || work::is_open(t.status);
        let behind = |t: &&Task| matches!(t.status, TaskStatus::Done | TaskStatus::OnSite);
        let visited = work.tasks.iter().filter(behind).filter_map(|t| t.customer.at);
        gone.push(terms.start.into_iter().chain(visited).chain([place.at]).collect());
        let duty = OnDuty {
            at: place.at,
            free_at: seconds(place.free_at),
            shift_end: seconds(shift.end),
            pauses: shift.pauses.iter().map(|(a, b)| (seconds(*a), seconds(*b))).collect(),
            skills: can.remove(&person.id).unwrap_or_default(),
            own_customer: ask.request.owner_id == Some(person.id),
            preferred: whom.prefers(person.id),
            barred: whom.bars(person.id),
            travel: terms.travel,
            made: work.tasks.iter().filter(counts).count().saturating_sub(ahead.len()),
            gone_m: 0,
            most_visits: terms.most_visits,
            most_m: terms.most_m,
            end: terms.end,
            ahead,
        };
        known.push(Known { idle: place.idle, fix_at: place.fix_at, duty, tasks, person });
    }
    let mut crows = BTreeMap::new();
    let modes: BTreeSet<Option<TravelMode>> = known.iter().map(|k| k.duty.travel).collect();
    for mode in modes {
        crows.insert(mode, kit.travel.crow(scope, mode, asked.at).await);
    }
    for (k, way) in known.iter_mut().zip(&gone) {
        if let Some(crow) = crows.get(&k.duty.travel) {
            k.duty.gone_m = way.windows(2).map(|leg| crow.leg(leg[0], leg[1]).1).sum();
        }
    }
    let (asked, known, fares) = tokio::task::spawn_blocking(move || {
        let fares = {
            let duties: Vec<OnDuty> = known.iter().map(|k: &Known| k.duty.clone()).collect();
            ranking::by_line(&asked, &duties, &crows)
        };
        (asked, known, fares)
    })
    .await
    .map_err(base::Problem::internal)?;
    let mut crowd =
        Crowd { now, asked, source: TravelSource::of("straight_line"), known, fares, away, zone, open };
    refine(inner, scope, &mut crowd).await;
    Ok(crowd)
}

/// Ranks the best anew by streets.
async fn refine(inner: &Inner, scope: &Scope, crowd: &mut Crowd) {
    let mut best: Vec<usize> = (0..crowd.known.len())
        .filter(|k| !matches!(crowd.fares[*k], Err(Unable::Barred | Unable::Skill | Unable::Grade)))
        .collect();
    best.sort_by_key(|k| match &crowd.fares[*k] {
        Ok(fare) => fare.offer.eta,
        Err(_) => i64::MAX,
    });
    let mut count = 1;
    best.truncate(REFINED);
    best.retain(|k| {
        let duty = &crowd.known[*k].duty;
        count += 1 + duty.ahead.len() + usize::from(duty.end.is_some());
        count <= REFINED_PLACES
    });
    if best.is_empty() {
        return;
    }
    let duties: Vec<OnDuty> = best.iter().map(|k| crowd.known[*k].duty.clone()).collect();
    let mut tables = BTreeMap::new();
    let modes: BTreeSet<Option<TravelMode>> = duties.iter().map(|d| d.travel).collect();
    let places = ranking::places(&crowd.asked, &duties);
    for mode in modes {
        tables.insert(mode, inner.kit.travel.moment_table(scope, mode, places.clone()).await);
    }
    // The line with nothing learned says what it said before.
    let known =
        |t: &api::TravelTable| t.source.provider == "straight_line" && t.source.learned_permille.is_none();
    if !tables.values().all(known) {
        for (k, fares) in best.into_iter().zip(ranking::by_table(&crowd.asked, &duties, &tables)) {
            crowd.fares[k] = fares;
        }
    }
    if let Some(table) = tables.into_values().next() {
        crowd.source = table.source;
    }
}

/// The rest of today's working time.
struct Shift {
    end: Micros,
    pauses: Vec<(Micros, Micros)>,
}

impl Shift {
    /// `None` when he does not work now: off duty, on leave, in a break or a private trip.
    fn of(rule: &DayRule, now: Micros) -> Option<Shift> {
        let micros = |ms: i64| Micros(ms.saturating_mul(1000));
        let parts = rule.recorded();
        let at = parts.iter().position(|w| w.contains(ms(now)))?;
        let rest = &parts[at..];
        Some(Shift {
            end: micros(rest.last()?.to_ms),
            pauses: rest.windows(2).map(|w| (micros(w[0].to_ms), micros(w[1].from_ms))).collect(),
        })
    }
}

struct Whereabouts {
    at: LngLat,
    idle: bool,
    free_at: Micros,
    fix_at: Option<Micros>,
}

/// Where a person is, or will be when he is free. `None` when nobody can tell.
fn whereabouts(
    now: Micros,
    work: &DayWork,
    latest: Option<&Latest>,
    stay: &dyn Fn(&Option<String>, i64) -> i64,
) -> Option<Whereabouts> {
    let fresh = latest.filter(|l| !l.mock && l.fix_at.is_some_and(|t| now.0 - t.0 <= SILENT_AFTER));
    if let Some(visit) = work.visits.iter().rev().find(|v| v.status == "open") {
        let task = work.tasks.iter().find(|t| Some(t.id) == visit.task_id);
        let usual = || stay(&visit.customer.grade, task.map_or(0, |t| t.min_stay_s));
        let expected =
            visit.check_in_at.plus(task.and_then(|t| t.service_s).unwrap_or_else(usual) * Micros::SECOND);
        let at = task.and_then(|t| t.customer.at).or(fresh.and_then(|l| l.at))?;
        let free_at = expected.max(now.plus(SOON_S * Micros::SECOND));
        return Some(Whereabouts { at, idle: false, free_at, fix_at: fresh.and_then(|l| l.fix_at) });
    }
    let fresh = fresh?;
    Some(Whereabouts { at: fresh.at?, idle: true, free_at: now, fix_at: fresh.fix_at })
}

impl Crowd {
    /// Everybody whose position went into the answer.
    pub fn seen(&self) -> Vec<Uuid> {
        self.known.iter().map(|k| k.person.id).collect()
    }

    pub fn of(&self, person: Uuid) -> Option<(&Known, &Fares)> {
        let k = self.known.iter().position(|k| k.person.id == person)?;
        Some((&self.known[k], &self.fares[k]))
    }

    /// People who can go, the idle ones first, by when they could begin; of each kind those whose day it would be too much for
    /// come last.
    pub fn able(&self) -> Vec<(&Known, &Fare)> {
        let both = self.known.iter().zip(&self.fares);
        let mut able: Vec<(&Known, &Fare)> =
            both.filter_map(|(k, f)| f.as_ref().ok().map(|fare| (k, fare))).collect();
        able.sort_by_key(|(k, fare)| (!k.idle, fare.over.any(), fare.offer.eta, k.person.id));
        able
    }

    pub fn factors(&self, known: &Known, fare: &Fare) -> Factors {
        let (asked, duty, offer, over) = (&self.asked, &known.duty, &fare.offer, &fare.over);
        let micros = |s: i64| Micros(s * Micros::SECOND);
        // The last place before the request, and when he leaves it by what is planned.
        let before = offer.order.iter().position(Option::is_none).unwrap_or(0);
        let from = before.checked_sub(1).and_then(|k| offer.order[k]).map_or(duty.at, |k| duty.ahead[k].at);
        Factors {
            eta: micros(offer.eta),
            free_at: (duty.free_at > asked.now).then(|| micros(duty.free_at)),
            drive_s: if before == 0 { (offer.eta - duty.free_at.max(asked.now)).max(0) } else { 0 },
            line_m: geo::distance_m(from, asked.at).ceil() as i64,
            extra_m: offer.extra_m,
            skills: asked.skills.iter().filter(|s| duty.skills.contains(*s)).cloned().collect(),
            tags: asked.known_to(duty).cloned().collect(),
            own_customer: duty.own_customer,
            preferred: duty.preferred,
            grade: asked.grade.clone(),
            load_percent: offer.load_percent,
            ahead: duty.ahead.len() as i64,
            before: before as i64,
            lateness_s: offer.lateness_s,
            moved: ranking::moved(offer)
                .map(|(k, handed_over)| MovedVisit {
                    task_id: known.tasks[k].0,
                    customer: known.tasks[k].1.clone(),
                    handed_over,
                })
                .collect(),
            closed: self.open.as_ref().is_some_and(|spans| {
                let at = micros(offer.eta).local_minute(&self.zone);
                !spans.iter().any(|(opens, closes)| (*opens..*closes).contains(&at))
            }),
            too_many: over.visits.map(|(is, most)| Exceeded { is: is as i64, most: most as i64 }),
            too_far: over.metres.map(|(is, most)| Exceeded { is, most }),
            home_late: over.home.map(micros),
            points: offer.points.round() as i64,
        }
    }

    /// The tasks of a person's day in the order an offer makes of it; `None` is the request.
    pub fn order(known: &Known, offer: &Offer) -> Vec<Option<Uuid>> {
        // What has begun is no part of the order: it comes first anyway.
        let open = offer.order.iter().filter(|k| k.is_none_or(|k| !known.duty.ahead[k].begun));
        open.map(|k| k.map(|k| known.tasks[k].0)).collect()
    }

    /// The answer for a dispatcher.
    pub fn shown(&self, asked_before: &HashMap<Uuid, OfferStatus>) -> Candidates {
        let able = self.able();
        let best = able
            .iter()
            .filter(|(k, fare)| k.idle && !fare.over.any() && !asked_before.contains_key(&k.person.id))
            .min_by(|a, b| a.1.better(b.1))
            .or_else(|| able.iter().min_by(|a, b| a.1.better(b.1)))
            .map(|(k, _)| k.person.id);
        let person = |(k, fare): &(&Known, &Fare)| Candidate {
            employee: k.person.as_ref(),
            department: k.person.department(),
            idle: k.idle,
            at: k.duty.at,
            fix_at: k.fix_at,
            factors: self.factors(k, fare),
            recommended: best == Some(k.person.id),
            asked: asked_before.get(&k.person.id).copied(),
        };
        // The recommended one is shown also when many are there sooner.
        let mut shown: Vec<&(&Known, &Fare)> = able.iter().take(SHOWN).collect();
        shown.extend(able.iter().skip(SHOWN).filter(|(k, _)| best == Some(k.person.id)));
        let mut unable: Vec<UnablePerson> = self
            .known
            .iter()
            .zip(&self.fares)
            .filter_map(|(k, f)| f.as_ref().err().map(|why| self.unable(k, why)))
            .collect();
        unable.sort_by_key(|u| (u.at.is_none(), u.at));
        let away = |(p, reason): &(Person, &'static str)| UnablePerson {
            employee: p.as_ref(),
            reason: (*reason).to_owned(),
            lacks: vec![],
            at: None,
        };
        unable.extend(self.away.iter().map(away));
        unable.truncate(SHOWN);
        Candidates {
            at: self.now,
            source: self.source.clone(),
            open: self.open.as_ref().map(|spans| {
                let window = |&(from_minute, to_minute)| Window { from_minute, to_minute };
                spans.iter().map(window).collect()
            }),
            people: shown.into_iter().map(person).collect(),
            unable,
        }
    }

    fn unable(&self, known: &Known, why: &Unable) -> UnablePerson {
        let micros = |s: &i64| Some(Micros(s * Micros::SECOND));
        let (reason, at) = match why {
            Unable::Barred => ("barred", None),
            Unable::Skill | Unable::Grade => ("skill", None),
            Unable::NoWay => ("no_way", None),
            Unable::TooLate { begin } => ("too_late", micros(begin)),
            Unable::ShiftOver { finish } => ("shift_over", micros(finish)),
        };
        let has: &BTreeSet<String> = &known.duty.skills;
        UnablePerson {
            employee: known.person.as_ref(),
            reason: reason.to_owned(),
            lacks: self.asked.skills.iter().filter(|s| !has.contains(*s)).cloned().collect(),
            at,
        }
    }
}

/// Who was asked before and did not go, by person.
pub(crate) async fn asked_before(q: &mut impl Query, request: Uuid) -> Result<HashMap<Uuid, OfferStatus>> {
    let offers = sql::all_offers(q, request).await?;
    let no = |o: &sql::OfferRow| matches!(o.kept(), OfferStatus::Refused | OfferStatus::Expired);
    Ok(offers.iter().filter(|o| no(o)).map(|o| (o.employee_id, o.kept())).collect())
}

/// Why a person named by the dispatcher cannot go, in both languages.
pub(crate) fn words(reason: &str) -> (&'static str, &'static str) {
    match reason {
        "off_duty" => ("现在不在班", "not on duty now"),
        "barred" => ("这家客户不派此人", "the customer is never to be visited by this person"),
        "skill" => ("缺少需要的技能", "a skill is missing"),
        "no_way" => ("没有能到的路", "no way there"),
        "too_late" => ("赶不上最晚到达时间", "too late for the latest arrival"),
        "shift_over" => ("下班前做不完", "the shift ends before the work does"),
        _ => ("十分钟内没有位置", "no position of the last ten minutes"),
    }
}
