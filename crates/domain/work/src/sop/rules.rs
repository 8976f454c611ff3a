//! Figures and patterns out of visits. Pure.

use std::collections::{BTreeMap, BTreeSet};

use base::Micros;
use uuid::Uuid;

use crate::Step;

/// A finished visit by a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub visit: Uuid,
    pub employee: Uuid,
    /// Absent where it cannot be told.
    pub effective: Option<bool>,
    /// The steps it had: place in the list of such lists.
    pub steps: usize,
}

/// A step a visit had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Had {
    pub id: Uuid,
    pub limit_s: Option<i64>,
}

impl Had {
    pub fn of(step: &Step) -> Had {
        Had { id: step.id, limit_s: step.limit_s }
    }
}

/// What became of a step. One nobody touched has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    pub visit: Uuid,
    pub step: Uuid,
    pub done: bool,
    pub started_at: Option<Micros>,
    pub ended_at: Micros,
}

impl Settled {
    /// Longer than this the phone lay in a pocket: no duration is told.
    const LONGEST_S: i64 = 4 * 3600;

    fn seconds(&self) -> Option<i64> {
        let seconds = (self.ended_at.0 - self.started_at?.0) / Micros::SECOND;
        (self.done && (0..=Self::LONGEST_S).contains(&seconds)).then_some(seconds)
    }
}

/// How a step went in a number of visits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Visits whose steps had it.
    pub asked: i64,
    pub done: i64,
    /// Skipped by its person; what is neither done nor skipped was never touched.
    pub skipped: i64,
    /// Took longer than the step allows.
    pub over: i64,
    seconds: Vec<i64>,
}

impl Figures {
    pub fn left_out(&self) -> i64 {
        self.asked - self.done
    }

    /// The second that `percent` of the durations lie at or below.
    fn percentile(&self, percent: usize) -> Option<i64> {
        let mut all = self.seconds.clone();
        all.sort_unstable();
        let at = (all.len() * percent).div_ceil(100).saturating_sub(1);
        all.get(at).copied()
    }

    pub fn median_s(&self) -> Option<i64> {
        self.percentile(50)
    }

    pub fn slow_s(&self) -> Option<i64> {
        self.percentile(90)
    }

    fn add(&mut self, limit_s: Option<i64>, settled: Option<&Settled>) {
        self.asked += 1;
        let Some(settled) = settled else { return };
        self.done += i64::from(settled.done);
        self.skipped += i64::from(!settled.done);
        if let Some(seconds) = settled.seconds() {
            self.over += i64::from(limit_s.is_some_and(|limit| seconds > limit));
            self.seconds.push(seconds);
        }
    }
}

/// A step over all visits, and over those that counted and did not.
#[derive(Debug, Clone)]
pub struct StepFigures {
    pub step: Step,
    /// Part of the steps in force.
    pub in_force: bool,
    pub all: Figures,
    pub effective: Figures,
    pub other: Figures,
}

/// A person over all his visits.
#[derive(Debug, Clone, Default)]
pub struct PersonFigures {
    pub employee: Uuid,
    pub visits: i64,
    pub effective: i64,
    /// By step, in the order of the report's steps.
    pub steps: Vec<Figures>,
}

#[derive(Debug, Clone, Default)]
pub struct Report {
    pub visits: i64,
    pub effective: i64,
    pub steps: Vec<StepFigures>,
    /// Who left out least first.
    pub people: Vec<PersonFigures>,
}

impl PersonFigures {
    pub fn asked(&self) -> i64 {
        self.steps.iter().map(|f| f.asked).sum()
    }

    pub fn left_out(&self) -> i64 {
        self.steps.iter().map(Figures::left_out).sum()
    }
}

type ByVisit<'a> = BTreeMap<(Uuid, Uuid), &'a Settled>;

fn by_visit(settled: &[Settled]) -> ByVisit<'_> {
    settled.iter().map(|s| ((s.visit, s.step), s)).collect()
}

/// The figures of a template. `versions`: its steps, oldest first; the last are in force. `had`: the lists of steps that the
/// visits had. A visit misses no step it never had: one that came later, or one its task does not have, which took its steps
/// from another task. What a task asks beside the template is not told.
pub fn report(versions: &[Vec<Step>], had: &[Vec<Had>], made: &[Made], settled: &[Settled]) -> Report {
    let known = by_visit(settled);
    let newest = versions.last().map(Vec::as_slice).unwrap_or_default();
    let mut steps: Vec<StepFigures> = vec![];
    // Those in force in their order, then withdrawn ones that visits of this time still had.
    let used: BTreeSet<usize> = made.iter().map(|m| m.steps).collect();
    let used: BTreeSet<Uuid> = used.iter().filter_map(|k| had.get(*k)).flatten().map(|h| h.id).collect();
    let older = versions.iter().rev().flatten().filter(|s| used.contains(&s.id));
    for step in newest.iter().chain(older) {
        if steps.iter().all(|s| s.step.id != step.id) {
            let in_force = newest.iter().any(|s| s.id == step.id);
            let none = Figures::default;
            steps.push(StepFigures {
                step: step.clone(),
                in_force,
                all: none(),
                effective: none(),
                other: none(),
            });
        }
    }
    let mut people: BTreeMap<Uuid, PersonFigures> = BTreeMap::new();
    for m in made {
        let own = had.get(m.steps).map(Vec::as_slice).unwrap_or_default();
        let person = people.entry(m.employee).or_insert_with(|| PersonFigures {
            employee: m.employee,
            steps: vec![Figures::default(); steps.len()],
            ..PersonFigures::default()
        });
        let counts = m.effective == Some(true);
        person.visits += 1;
        person.effective += i64::from(counts);
        for (k, figures) in steps.iter_mut().enumerate() {
            let Some(Had { id, limit_s }) = own.iter().find(|s| s.id == figures.step.id).copied() else {
                continue;
            };
            let found = known.get(&(m.visit, id)).copied();
            figures.all.add(limit_s, found);
            if counts {
                figures.effective.add(limit_s, found)
            } else {
                figures.other.add(limit_s, found)
            }
            person.steps[k].add(limit_s, found);
        }
    }
    let mut people: Vec<PersonFigures> = people.into_values().collect();
    // Shares compared without dividing: left out of a × asked of b.
    people.sort_by_key(|p| (p.left_out() * 1_000_000 / p.asked().max(1), -p.visits, p.employee));
    let effective = made.iter().filter(|m| m.effective == Some(true)).count() as i64;
    Report { visits: made.len() as i64, effective, steps, people }
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternStep {
    pub step: Step,
    pub asked: i64,
    pub done: i64,
    pub median_s: Option<i64>,
    /// Done more often than left out, or never asked yet: part of the pattern.
    pub kept: bool,
}

/// The steps as these visits did them: in the order they were ended, those mostly left out at the end and not kept, what
/// was done nine times in ten as mandatory. What none of the visits had stays as it is.
pub fn pattern(steps: &[Step], had: &[Vec<Had>], made: &[Made], settled: &[Settled]) -> Vec<PatternStep> {
    let known = by_visit(settled);
    // Sum of places in a visit, in thousandths of its length, so that short and long visits weigh alike.
    let mut places: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for m in made {
        let mut done: Vec<&Settled> =
            steps.iter().filter_map(|s| known.get(&(m.visit, s.id)).copied()).filter(|s| s.done).collect();
        done.sort_by_key(|s| s.ended_at);
        for (k, one) in done.iter().enumerate() {
            places.entry(one.step).or_default().push(k as i64 * 1000 / done.len() as i64);
        }
    }
    let mut found: Vec<(i64, usize, PatternStep)> = vec![];
    for (k, step) in steps.iter().enumerate() {
        let mut figures = Figures::default();
        let asked = |m: &&Made| had.get(m.steps).is_some_and(|own| own.iter().any(|one| one.id == step.id));
        for m in made.iter().filter(asked) {
            figures.add(step.limit_s, known.get(&(m.visit, step.id)).copied());
        }
        let untried = figures.asked == 0;
        let kept = untried || figures.done * 2 > figures.asked;
        let mean = places.get(&step.id).map(|all| all.iter().sum::<i64>() / all.len() as i64);
        let mut step = step.clone();
        if !untried {
            step.mandatory = figures.done * 10 >= figures.asked * 9;
        }
        let one = PatternStep {
            step,
            asked: figures.asked,
            done: figures.done,
            median_s: figures.median_s(),
            kept,
        };
        found.push((mean.filter(|_| kept).unwrap_or(i64::MAX), k, one));
    }
    found.sort_by_key(|(place, k, _)| (*place, *k));
    found.into_iter().map(|(_, _, step)| step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewStep, StepKind, templates::with_ids};

    fn steps(titles: &[&str]) -> Vec<Step> {
        let new = |title: &&str| NewStep {
            title: (*title).to_owned(),
            limit_s: Some(60),
            ..NewStep::plain(StepKind::YesNo)
        };
        with_ids(&titles.iter().map(new).collect::<Vec<_>>())
    }

    fn settled(visit: u128, step: &Step, done: bool, from: i64, to: i64) -> Settled {
        let at = |s: i64| Micros(s * Micros::SECOND);
        Settled {
            visit: Uuid::from_u128(visit),
            step: step.id,
            done,
            started_at: Some(at(from)),
            ended_at: at(to),
        }
    }

    fn made(visit: u128, employee: u128, effective: Option<bool>, steps: usize) -> Made {
        Made { visit: Uuid::from_u128(visit), employee: Uuid::from_u128(employee), effective, steps }
    }

    fn had(steps: &[Step]) -> Vec<Had> {
        steps.iter().map(Had::of).collect()
    }

    #[test]
    fn a_step_that_came_later_is_not_missed_before() {
        let old = steps(&["门头", "意向"]);
        let mut new = old.clone();
        new.extend(steps(&["竞品"]));
        let visits = [made(1, 7, Some(true), 0), made(2, 7, Some(false), 1), made(3, 8, None, 1)];
        let all = [
            settled(1, &new[0], true, 0, 30),
            settled(1, &new[1], true, 30, 130),
            settled(2, &new[0], true, 0, 50),
            settled(2, &new[1], false, 50, 55),
            settled(3, &new[0], true, 0, 90),
            settled(3, &new[2], true, 90, 95),
        ];
        let r = report(&[old.clone(), new.clone()], &[had(&old), had(&new)], &visits, &all);
        assert_eq!((r.visits, r.effective), (3, 1));
        let told: Vec<_> = r
            .steps
            .iter()
            .map(|s| (s.all.asked, s.all.done, s.all.skipped, s.all.over, s.all.median_s()))
            .collect();
        assert_eq!(told, [(3, 3, 0, 1, Some(50)), (3, 1, 1, 1, Some(100)), (2, 1, 0, 0, Some(5))]);
        let outcome: Vec<_> = r.steps.iter().map(|s| (s.effective.left_out(), s.other.left_out())).collect();
        assert_eq!(outcome, [(0, 0), (0, 2), (0, 1)]);
        // 7 left out two of five, 8 one of three.
        let people: Vec<_> =
            r.people.iter().map(|p| (p.employee.as_u128(), p.left_out(), p.asked())).collect();
        assert_eq!(people, [(8, 1, 3), (7, 2, 5)]);
        assert!(report(&[], &[], &[], &[]).people.is_empty());
    }

    #[test]
    fn a_step_taken_out_is_told_as_long_as_visits_had_it() {
        let old = steps(&["门头", "合影"]);
        let new = vec![old[0].clone()];
        let (versions, lists) = ([old.clone(), new.clone()], [had(&old), had(&new)]);
        let seen = report(&versions, &lists, &[made(1, 7, Some(true), 0)], &[]);
        assert_eq!(seen.steps.iter().map(|s| s.in_force).collect::<Vec<_>>(), [true, false]);
        let gone = report(&versions, &lists, &[made(1, 7, Some(true), 1)], &[]);
        assert_eq!(gone.steps.len(), 1);
    }

    #[test]
    fn a_visit_is_judged_by_the_steps_it_had() {
        // Its task was made after the second version, with the steps of a task from before and one beside the template.
        let old = steps(&["门头"]);
        let mut new = old.clone();
        new.extend(steps(&["竞品"]));
        let own = [old.clone(), steps(&["带扳手"])].concat();
        let all = [settled(1, &old[0], true, 0, 30), settled(1, &own[1], true, 30, 40)];
        let r = report(&[old, new], &[had(&own)], &[made(1, 7, Some(true), 0)], &all);
        let told: Vec<_> = r.steps.iter().map(|s| (s.step.title.as_str(), s.all.asked, s.all.done)).collect();
        assert_eq!(told, [("门头", 1, 1), ("竞品", 0, 0)]);
        assert_eq!((r.people[0].asked(), r.people[0].left_out()), (1, 0));
    }

    #[test]
    fn a_forgotten_phone_tells_no_duration() {
        let one = steps(&["门头"]);
        let all = [settled(1, &one[0], true, 0, 20_000)];
        let r = report(std::slice::from_ref(&one), &[had(&one)], &[made(1, 7, Some(true), 0)], &all);
        assert_eq!((r.steps[0].all.done, r.steps[0].all.median_s(), r.steps[0].all.over), (1, None, 0));
    }

    #[test]
    fn a_pattern_is_the_order_of_doing() {
        let s = steps(&["门头", "盘点", "意向", "合影"]);
        let visits = [1, 2, 3].map(|visit| made(visit, 7, None, 0));
        // Stock first in two of three visits, the photo of the people once.
        let all = [
            settled(1, &s[1], true, 0, 10),
            settled(1, &s[0], true, 10, 20),
            settled(1, &s[2], true, 20, 30),
            settled(2, &s[1], true, 0, 10),
            settled(2, &s[0], true, 10, 20),
            settled(2, &s[2], false, 20, 30),
            settled(3, &s[0], true, 0, 10),
            settled(3, &s[1], true, 10, 20),
            settled(3, &s[2], true, 20, 30),
            settled(3, &s[3], true, 30, 40),
        ];
        // One that came after these visits is not held against them.
        let now = [s.clone(), steps(&["竞品"])].concat();
        let p = pattern(&now, &[had(&s)], &visits, &all);
        assert_eq!(p.last().map(|p| (p.asked, p.kept, p.step.mandatory)), Some((0, true, now[4].mandatory)));
        let told: Vec<_> =
            p[..4].iter().map(|p| (p.step.title.as_str(), p.kept, p.step.mandatory, p.done)).collect();
        assert_eq!(
            told,
            [
                ("盘点", true, true, 3),
                ("门头", true, true, 3),
                ("意向", true, false, 2),
                ("合影", false, false, 1)
            ]
        );
    }
}
