//! Taking changes: judged by the company's rule and the day as it is, then applied, or handed in.

use std::collections::BTreeSet;

use api::Checks;
use base::{LocalDay, Micros, Problem, problem, problem::Code};
use db::{Query, Result, Tx};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    approval,
    model::{Leave, PlanChange, Reorder, Rule, SetRule, Skip},
    rules::{self, Misfit, Open, merge, moved},
    sql::{self, ChangeRow, NewRow},
    ways::{Moment, Prepared, Ways},
};
use crate::{
    BOARD_LOCKED, NOT_OPEN, NOT_TODAY, OFF_DUTY, REORDER_NOT_ALLOWED, SKIP_NOT_ALLOWED, WISH_STALE,
    model::{from_json, to_json},
    plans::{self, MAX_STOPS, PlanRow, Stop},
    tasks::{self, Change, TaskStatus, after, sql::TaskRow},
};

/// What the company lets its people do.
///
/// # Errors
/// When the store cannot be read.
pub async fn rule(q: &mut impl Query) -> Result<Rule> {
    Ok(kept_rule(q).await?.0)
}

/// Since when people must confirm at check-in that it is they; `None` where they need not.
pub(crate) async fn identity_since(q: &mut impl Query) -> Result<Option<Micros>> {
    sql::identity_since(q).await
}

/// The rule with its version, 0 while it was never changed.
pub(super) async fn kept_rule(q: &mut impl Query) -> Result<(Rule, i64)> {
    Ok(sql::rule(q).await?.unwrap_or_default())
}

/// Says what people may do; answers the whole rule. `version`: of the rule that was seen.
pub(super) async fn set_rule(tx: &mut Tx, set: SetRule, version: i64) -> Result<Rule> {
    let (before, known) = kept_rule(tx).await?;
    let rule = Rule {
        reorder: set.reorder,
        skip: set.skip,
        outside: set.outside.unwrap_or(before.outside),
        identity: set.identity.unwrap_or(before.identity),
    };
    if known != version || !sql::set_rule(tx, rule, version).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let tenant = tx.tenant();
    tx.audit("plan.rule", "company", tenant, json!(rule)).await?;
    Ok(rule)
}

/// Changes of a plan, in the order they were said. The caller has checked the plan.
pub(crate) async fn of_plan(q: &mut impl Query, plan: Uuid) -> Result<Vec<PlanChange>> {
    sql::of_plan(q, plan).await?.iter().map(ChangeRow::shown).collect()
}

/// Changes of a day in reach, in the order they were said.
pub(crate) async fn of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<PlanChange>> {
    sql::of_day(q, day).await?.iter().map(ChangeRow::shown).collect()
}

/// A plan as it is in the transaction. Whoever asks has checked that he may.
pub(super) struct Standing {
    plan: PlanRow,
    rows: Vec<TaskRow>,
    zone: TimeZone,
    now: Micros,
}

impl Standing {
    pub async fn read(tx: &mut Tx, plan: Uuid) -> Result<Option<Standing>> {
        let Some(plan) = plans::sql::any(tx, plan).await? else { return Ok(None) };
        let rows = tasks::sql::of_plan(tx, plan.id).await?;
        let (zone, now) = (org::zone(tx).await?, tx.now());
        Ok(Some(Standing { plan, rows, zone, now }))
    }

    fn moment(&self) -> Moment<'_> {
        let fixed = self.rows.iter().filter(|t| Stop::of(t).is_some_and(|s| s.fixed));
        let today = self.now.local_day(&self.zone) == self.plan.day;
        let minute = if today { i64::from(self.now.local_minute(&self.zone)) } else { 0 };
        Moment { fixed: fixed.collect(), now_s: minute * 60 }
    }

    /// Open stops that have not begun, in the present order.
    fn open(&self) -> Vec<&TaskRow> {
        self.rows.iter().filter(|t| tasks::waits(t.kept())).collect()
    }

    fn row(&self, id: Uuid) -> Option<&TaskRow> {
        self.rows.iter().find(|t| t.id == id)
    }

    /// Does this plan still take changes?
    fn check(&self) -> std::result::Result<(), &'static Code> {
        let today = self.now.local_day(&self.zone);
        if self.plan.status == "planned" && self.plan.day == today { Ok(()) } else { Err(NOT_TODAY) }
    }

    /// The wish as rows in order, laid over the day as it is.
    fn fitted(&self, wish: &[Uuid]) -> std::result::Result<Vec<&TaskRow>, Misfit> {
        let open: Vec<Open> = self.open().iter().map(|t| Open { id: t.id, locked: t.locked }).collect();
        let over = |t: &&TaskRow| !tasks::waits(t.kept()) && t.kept() != TaskStatus::Cancelled;
        let begun: BTreeSet<Uuid> = self.rows.iter().filter(over).map(|t| t.id).collect();
        let order = merge(wish, &open, &begun)?;
        Ok(order.iter().filter_map(|id| self.row(*id)).collect())
    }

    /// What a misfit is called.
    fn problem(&self, misfit: Misfit) -> Problem {
        match misfit {
            Misfit::Changed => Problem::new(WISH_STALE),
            Misfit::Locked(id) => {
                let name = self.row(id).map_or("", |t| t.customer_name.as_str());
                Problem::new(BOARD_LOCKED).with("customer", name)
            }
        }
    }

    /// Stores an order that fits, with its way and times.
    async fn apply(&self, tx: &mut Tx, order: &[&TaskRow], p: &Prepared) -> Result<()> {
        let moment = self.moment();
        let route = moment.route(p, &self.plan, &from_json(&self.plan.route)?, order);
        if !plans::set_route(tx, self.plan.id, self.plan.version, &to_json(&route)?).await? {
            return Err(Problem::new(problem::BUSY).retry_after(1));
        }
        // The person said this order: the next edit of the plan must not work out another one.
        plans::sql::set_keep_order(tx, self.plan.id).await?;
        let begins = moment.begins(&p.ways, order);
        let mut seq = 0;
        for t in &moment.fixed {
            seq += 1;
            if t.seq != seq {
                tasks::sql::set_place(tx, t.id, Some(self.plan.id), seq, t.eta).await?;
            }
        }
        for (t, begin) in order.iter().zip(begins) {
            seq += 1;
            let eta = begin.map(|s| self.instant(s));
            tasks::sql::set_place(tx, t.id, Some(self.plan.id), seq, eta).await?;
        }
        // What is left out comes last, so that no two stops have one number.
        let placed = |t: &TaskRow| moment.fixed.iter().chain(order).any(|p| p.id == t.id);
        for t in self.rows.iter().filter(|t| !placed(t)) {
            seq += 1;
            tasks::sql::set_place(tx, t.id, Some(self.plan.id), seq, t.eta).await?;
        }
        Ok(())
    }

    /// Instant of a second of the plan's day as clocks on the wall show it.
    fn instant(&self, second: i64) -> Micros {
        let minute = i32::try_from(second / 60).unwrap_or(0);
        self.plan.day.at_minute(minute, &self.zone).plus(second % 60 * Micros::SECOND)
    }

    async fn emit(&self, tx: &mut Tx) -> Result<()> {
        let p = &self.plan;
        plans::emit(tx, p.id, p.employee_id, p.department_id, p.day).await
    }
}

/// Words without what says nothing.
fn tidy(words: Option<&str>) -> Option<&str> {
    words.map(str::trim).filter(|w| !w.is_empty())
}

fn check_reason(checks: &mut Checks, known: &[&str], code: &str, words: Option<&str>, field: &str) {
    checks.that("code", known.contains(&code)).at_most(field, words, 200);
    if code == "other" && words.is_none() {
        checks.fault(field, problem::REQUIRED);
    }
}

/// A reason for notices, by language.
fn why(code: Option<&str>, words: Option<&str>) -> Value {
    let (zh, en) = code.map_or(("", ""), rules::words);
    let with = |known: &str, mark: &str| match (known, words) {
        ("", None) => "—".to_owned(),
        (known, None) => known.to_owned(),
        ("", Some(words)) => words.to_owned(),
        (_, Some(words)) if code == Some("other") => words.to_owned(),
        (known, Some(words)) => format!("{known}{mark}{words}"),
    };
    json!({ "zh": with(zh, "："), "en": with(en, ": ") })
}

/// Another order of the acting person's plan. `prepared`: travel, asked before.
///
/// # Errors
/// `not_found` for a plan of somebody else; `plan.reorder_not_allowed`; `plan.not_today`; `plan.off_duty`;
/// `plan.wish_stale` when others have changed the stops; `board.locked`.
pub async fn reorder(
    tx: &mut Tx,
    id: Uuid,
    wish: Reorder,
    said_at: Micros,
    prepared: Option<&Prepared>,
) -> Result<()> {
    let words = tidy(wish.words.as_deref());
    let mut checks = Checks::new();
    checks.that("order", !wish.order.is_empty() && wish.order.len() <= MAX_STOPS);
    check_reason(&mut checks, rules::REORDER, &wish.code, words, "words");
    checks.done()?;
    let me = tx.scope_actor();
    let standing = Standing::read(tx, wish.plan_id).await?.filter(|s| s.plan.employee_id == me);
    let s = standing.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    s.check().map_err(Problem::new)?;
    let leave = rule(tx).await?.reorder;
    if leave == Leave::No {
        return Err(Problem::new(REORDER_NOT_ALLOWED));
    }
    check_duty(tx, s.plan.employee_id, s.plan.day, said_at).await?;
    let order = s.fitted(&wish.order).map_err(|m| s.problem(m))?;
    // The travel is of another plan: the day was planned anew in this moment.
    let known = prepared.filter(|p| p.ways.plan_id == s.plan.id);
    let p = known.ok_or_else(|| Problem::new(problem::BUSY).retry_after(1))?;
    let present = s.open();
    let ids = |all: &[&TaskRow]| all.iter().map(|t| t.id).collect::<Vec<_>>();
    let moment = s.moment();
    let (before, after) = (moment.view(&p.ways, &present), moment.view(&p.ways, &order));
    close_undecided(tx, Some(s.plan.id), None).await?;
    let new = NewRow {
        id,
        department: s.plan.department_id,
        day: s.plan.day,
        kind: "reorder",
        plan: Some(s.plan.id),
        task: None,
        code: Some(&wish.code),
        words,
        base_version: Some(wish.base_version),
        wish: Some(&to_json(&ids(&order))?),
        ways: Some(&to_json(&p.ways)?),
        before: Some(&to_json(&before)?),
        after: Some(&to_json(&after)?),
        moved: moved(&ids(&present), &ids(&order)) as i64,
        status: if leave == Leave::Free { "applied" } else { "waiting" },
        said_at,
    };
    sql::insert(tx, &new).await?;
    let told = json!({
        "day": s.plan.day, "code": wish.code, "words": words, "order": order.iter().map(|t| &t.customer_name).collect::<Vec<_>>(),
        "meters": [before.meters, after.meters], "moved": new.moved,
    });
    if leave == Leave::Free {
        s.apply(tx, &order, p).await?;
        tx.audit("plan.reorder", "plan", s.plan.id, told).await?;
        tell_planner(tx, &s.plan, why(Some(&wish.code), words), after.meters - before.meters).await?;
    } else {
        tx.audit("plan.reorder_wish", "plan", s.plan.id, told).await?;
        approval::hand_in(tx, id).await?;
    }
    s.emit(tx).await
}

/// Only until the person's working day ends; on a day without working hours the plan itself says that he works.
async fn check_duty(tx: &mut Tx, person: Uuid, day: LocalDay, said_at: Micros) -> Result<()> {
    let shifts = org::duty_minutes(tx, person, day).await?;
    let zone = org::zone(tx).await?;
    let over = shifts.last().is_some_and(|(_, end)| said_at > day.at_minute(*end, &zone));
    if over { Err(Problem::new(OFF_DUTY)) } else { Ok(()) }
}

/// The newer wish takes the place of the one nobody has decided.
async fn close_undecided(tx: &mut Tx, plan: Option<Uuid>, task: Option<Uuid>) -> Result<()> {
    for old in sql::undecided(tx, plan, task).await? {
        approvals::close(tx, approval::KIND, old.id).await?;
    }
    Ok(())
}

/// Whoever made the plan hears of another order, unless he made or approved it himself.
async fn tell_planner(tx: &mut Tx, plan: &PlanRow, reason: Value, more_meters: i64) -> Result<()> {
    let me = tx.scope_actor();
    let found = org::by_ids(tx, &[plan.created_by]).await?;
    let planner = found.into_iter().find(|p| p.id != plan.employee_id && p.id != me && p.status == "active");
    let Some(planner) = planner else { return Ok(()) };
    let sign = if more_meters > 0 { "+" } else { "" };
    let params = json!({
        "day": plan.day, "by": plan.employee_name, "reason": reason,
        "km": format!("{sign}{}", plans::km(more_meters)),
    });
    let notice = notify::New { kind: "plan.reordered", params, link: Some(plans::link(plan.id, plan.day)) };
    notify::send(tx, planner.id, planner.department_id, notice).await.map(drop)
}

/// A visit the acting person leaves out.
///
/// # Errors
/// `not_found` for somebody else's; `task.not_open` when it has begun or is over; `plan.not_today` when it was said on another
/// day, or would have to be approved after its own; `plan.off_duty`; `plan.skip_not_allowed`.
pub async fn skip(
    tx: &mut Tx,
    id: Uuid,
    wish: Skip,
    said_at: Micros,
    prepared: Option<&Prepared>,
) -> Result<()> {
    let words = tidy(wish.reason.as_deref());
    let mut checks = Checks::new();
    match wish.code.as_deref() {
        Some(code) => check_reason(&mut checks, rules::SKIP, code, words, "reason"),
        None => drop(checks.at_most("reason", words, 200)),
    }
    checks.done()?;
    let row = tasks::sql::mine(tx, wish.task_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    after(row.kept(), Change::Skip).ok_or_else(|| Problem::new(NOT_OPEN))?;
    if row.kept() == TaskStatus::Skipped {
        return Ok(());
    }
    let leave = rule(tx).await?.skip;
    if leave == Leave::No {
        return Err(Problem::new(SKIP_NOT_ALLOWED));
    }
    let (zone, now) = (org::zone(tx).await?, tx.now());
    let too_late = leave == Leave::Approval && now.local_day(&zone) != row.day;
    if said_at.local_day(&zone) != row.day || too_late {
        return Err(Problem::new(NOT_TODAY));
    }
    check_duty(tx, row.employee_id, row.day, said_at).await?;
    close_undecided(tx, None, Some(row.id)).await?;
    let standing = match row.plan_id {
        Some(plan) => Standing::read(tx, plan).await?,
        None => None,
    };
    let views = standing.as_ref().zip(prepared).filter(|(s, p)| p.ways.plan_id == s.plan.id).map(|(s, p)| {
        let (moment, present) = (s.moment(), s.open());
        let rest: Vec<&TaskRow> = present.iter().copied().filter(|t| t.id != row.id).collect();
        (moment.view(&p.ways, &present), moment.view(&p.ways, &rest))
    });
    let text = |day: &Option<super::DayView>| day.as_ref().map(to_json).transpose();
    let (before, after) = views.unzip();
    let (before, after) = (text(&before)?, text(&after)?);
    let free = leave == Leave::Free;
    let new = NewRow {
        id,
        department: row.department_id,
        day: row.day,
        kind: "skip",
        plan: row.plan_id,
        task: Some(row.id),
        code: wish.code.as_deref(),
        words,
        base_version: None,
        wish: None,
        ways: None,
        before: before.as_deref(),
        after: after.as_deref(),
        moved: 0,
        status: if free { "applied" } else { "waiting" },
        said_at,
    };
    sql::insert(tx, &new).await?;
    if free {
        let reason = why(wish.code.as_deref(), words);
        let skipped = tasks::skip(tx, &row, wish.code.as_deref(), words, reason).await?;
        return if skipped { Ok(()) } else { Err(Problem::new(NOT_OPEN)) };
    }
    let told = json!({ "customer": row.customer_name, "day": row.day, "code": wish.code, "reason": words });
    tx.audit("task.skip_wish", "task", row.id, told).await?;
    approval::hand_in(tx, id).await?;
    match &standing {
        Some(s) => s.emit(tx).await,
        None => tasks::emit_row(tx, &row).await,
    }
}

/// Applies an approved change if it still fits; answers the code of what is against it.
pub(super) async fn apply(tx: &mut Tx, c: &ChangeRow) -> Result<Option<&'static Code>> {
    let standing = match c.plan_id {
        Some(plan) => Standing::read(tx, plan).await?,
        None => None,
    };
    if c.kind == "skip" {
        return apply_skip(tx, c, standing).await;
    }
    let Some(s) = standing else { return Ok(Some(NOT_TODAY)) };
    if let Err(code) = s.check() {
        return Ok(Some(code));
    }
    let Some(kept) = sql::wish(tx, c.id).await? else { return Ok(Some(WISH_STALE)) };
    let wish: Vec<Uuid> = kept.wish.as_deref().map(from_json).transpose()?.unwrap_or_default();
    let ways: Option<Ways> = kept.ways.as_deref().map(from_json).transpose()?;
    let Some(ways) = ways else { return Ok(Some(WISH_STALE)) };
    let order = match s.fitted(&wish) {
        Ok(order) => order,
        Err(misfit) => return Ok(Some(s.problem(misfit).code)),
    };
    let p = Prepared::of(ways);
    let moment = s.moment();
    let more_meters = moment.view(&p.ways, &order).meters - moment.view(&p.ways, &s.open()).meters;
    s.apply(tx, &order, &p).await?;
    tell_planner(tx, &s.plan, why(c.code.as_deref(), c.words.as_deref()), more_meters).await?;
    let told = json!({
        "day": s.plan.day, "code": c.code, "words": c.words, "approved": c.case_id,
        "order": order.iter().map(|t| &t.customer_name).collect::<Vec<_>>(),
    });
    tx.audit("plan.reorder", "plan", s.plan.id, told).await?;
    s.emit(tx).await?;
    Ok(None)
}

async fn apply_skip(tx: &mut Tx, c: &ChangeRow, s: Option<Standing>) -> Result<Option<&'static Code>> {
    let row = match c.task_id {
        Some(task) => tasks::sql::any(tx, task).await?,
        None => None,
    };
    let Some(row) = row.filter(|r| r.employee_id == c.employee_id) else { return Ok(Some(NOT_OPEN)) };
    match after(row.kept(), Change::Skip) {
        None => return Ok(Some(NOT_OPEN)),
        Some(_) if row.kept() == TaskStatus::Skipped => return Ok(None),
        Some(_) => {}
    }
    // Approved when its day is over it would only turn a missed visit into an excused one.
    if tx.now().local_day(&org::zone(tx).await?) != row.day {
        return Ok(Some(NOT_TODAY));
    }
    let (code, words) = (c.code.as_deref(), c.words.as_deref());
    if !tasks::skip(tx, &row, code, words, why(code, words)).await? {
        return Ok(Some(NOT_OPEN));
    }
    if let Some(s) = s {
        s.emit(tx).await?;
    }
    Ok(None)
}

/// Says how a change stands while nobody has decided it.
pub(super) async fn stands(tx: &mut Tx, c: &ChangeRow, status: &str) -> Result<()> {
    if !sql::set_standing(tx, c.id, status).await? {
        return Ok(());
    }
    match c.plan_id {
        Some(plan) => plans::emit(tx, plan, c.employee_id, c.department_id, c.day).await,
        None => Ok(()),
    }
}

/// Says how a change ended that is not applied; the day stays as it is.
pub(super) async fn ended(
    tx: &mut Tx,
    c: &ChangeRow,
    status: &str,
    unfit: Option<&'static Code>,
) -> Result<()> {
    if !sql::end(tx, c.id, status, unfit.map(|u| u.code)).await? {
        return Ok(());
    }
    if let Some(plan) = c.plan_id {
        plans::emit(tx, plan, c.employee_id, c.department_id, c.day).await?;
    }
    let Some(unfit) = unfit else { return Ok(()) };
    let reason = Problem::new(unfit).with("customer", c.customer_name.clone().unwrap_or_default());
    let params = json!({
        "day": c.day,
        "what": approval::title(c),
        "reason": { "zh": reason.title(problem::Lang::Zh), "en": reason.title(problem::Lang::En) },
    });
    let link = c.case_id.map(|case| format!("/approvals/{case}"));
    let notice = notify::New { kind: "plan.change_unfit", params, link };
    notify::send(tx, c.employee_id, c.department_id, notice).await.map(drop)
}

/// Erasing a person: what he wrote goes, that he changed his day stays.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    for change in sql::handed_in(tx, person).await? {
        let Some(case) = change.case_id else { continue };
        let shown = PlanChange { words: None, ..change.shown()? };
        approvals::forget(tx, case, "plan_change", json!(shown)).await?;
    }
    sql::forget_words(tx, person).await
}
