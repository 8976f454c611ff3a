//! Why a visit was left out, for every rep.

use super::instance::{Instance, NO_WAY};
use super::route::Route;
use crate::model::{Cause, LeftOut};

/// The causes for `visit` given the final routes, one route per rep.
pub(crate) fn explain(instance: &Instance, routes: &[Route], visit: usize) -> LeftOut {
    let by_rep: Vec<Cause> = routes.iter().map(|route| cause(instance, route, visit)).collect();
    let cause = by_rep.iter().copied().max().unwrap_or(Cause::Nobody);
    LeftOut { visit, cause, by_rep }
}

fn cause(instance: &Instance, route: &Route, visit: usize) -> Cause {
    let rep = route.rep;
    let asked = &instance.problem.visits[visit];
    if asked.allowed.as_ref().is_some_and(|a| !a.contains(&rep)) {
        return Cause::NotAllowed;
    }
    if !asked.skills.met_by(&instance.problem.reps[rep].skills) {
        return Cause::Skill;
    }
    let alone = Route::new(instance, rep);
    if let Some(cause) = alone_cause(instance, &alone, visit) {
        return cause;
    }
    if route.len() >= instance.people[rep].max_tasks {
        return Cause::MaxTasks;
    }
    let last = route.stops.len() - 1;
    let loads: Vec<usize> =
        (route.first_free(instance)..=last).filter(|&at| route.load_fits_at(instance, visit, at)).collect();
    if loads.is_empty() {
        return Cause::FullLoad;
    }
    let in_time: Vec<usize> =
        loads.into_iter().filter(|&at| route.time_fits_at(instance, visit, at)).collect();
    let in_limits = in_time.iter().any(|&at| route.limits_fit_at(instance, visit, at));
    if in_time.is_empty() || in_limits { Cause::Outbid } else { Cause::FullTravel }
}

/// What stands against the visit even when the rep does nothing else but what is committed.
fn alone_cause(instance: &Instance, alone: &Route, visit: usize) -> Option<Cause> {
    let person = &instance.people[alone.rep];
    let at = alone.first_free(instance);
    if at > person.max_tasks {
        return Some(Cause::MaxTasks);
    }
    let net = instance.net(alone.rep);
    let before = alone.stops[at - 1];
    let (to, from) = (net.leg(before.node as usize, visit), net.leg(visit, person.end));
    if to.time >= NO_WAY || from.time >= NO_WAY {
        return Some(Cause::NoWay);
    }
    if !alone.load_fits_at(instance, visit, at) {
        return Some(Cause::Load);
    }
    if instance.begin(visit, before.early + to.time).is_none() {
        return Some(Cause::Window);
    }
    if !alone.limits_fit_at(instance, visit, at) {
        return Some(Cause::Travel);
    }
    (!alone.time_fits_at(instance, visit, at)).then_some(Cause::Shift)
}
