use base::{LocalDay, Micros};
use customers::OutsideRule;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::model::{IdentityRule, Leave, PlanChange, Rule};
use crate::model::from_json;

db::row! { struct RuleRow { reorder: String, skip: String, outside: String, identity: String, version: i64 } }

/// The rule and its version.
pub async fn rule(q: &mut impl Query) -> Result<Option<(Rule, i64)>> {
    let row: Option<RuleRow> = q
        .one(
            sql!("SELECT c.reorder, c.skip, c.outside, c.identity, c.version FROM plan_change_rule c WHERE c.tenant_id = $1"),
            vec![],
        )
        .await?;
    let rule = |r: &RuleRow| Rule {
        reorder: Leave::from_key(&r.reorder),
        skip: Leave::from_key(&r.skip),
        outside: OutsideRule::from_key(&r.outside),
        identity: IdentityRule::from_key(&r.identity),
    };
    Ok(row.map(|r| (rule(&r), r.version)))
}

db::row! { struct SinceRow { identity_since: Option<Micros> } }

/// Since when people must confirm at check-in that it is they; `None` where they need not.
pub async fn identity_since(q: &mut impl Query) -> Result<Option<Micros>> {
    let row: Option<SinceRow> = q
        .one(
            sql!("SELECT c.identity_since FROM plan_change_rule c WHERE c.tenant_id = $1 AND c.identity <> 'none'"),
            vec![],
        )
        .await?;
    Ok(row.and_then(|r| r.identity_since))
}

/// False when the rule has another version by now.
pub async fn set_rule(tx: &mut Tx, rule: Rule, version: i64) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
        sql!(
            "INSERT INTO plan_change_rule (tenant_id, reorder, skip, changed_by, changed_at, version, outside, identity, identity_since) \
             VALUES ($1, $3, $4, $2, $5, $6 + 1, $7, $8, $5) \
             ON CONFLICT (tenant_id) DO UPDATE SET reorder = EXCLUDED.reorder, skip = EXCLUDED.skip, changed_by = EXCLUDED.changed_by, \
             changed_at = EXCLUDED.changed_at, version = EXCLUDED.version, outside = EXCLUDED.outside, identity = EXCLUDED.identity, \
             identity_since = CASE WHEN plan_change_rule.identity = EXCLUDED.identity THEN plan_change_rule.identity_since ELSE $5 END WHERE plan_change_rule.version = $6"
        ),
        args![rule.reorder.key(), rule.skip.key(), now, version, rule.outside.key(), rule.identity.key()],
    )
    .await?;
    Ok(rows == 1)
}

db::row! { pub struct ChangeRow {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, day: LocalDay, kind: String, plan_id: Option<Uuid>,
    task_id: Option<Uuid>, customer_name: Option<String>, code: Option<String>, words: Option<String>,
    before: Option<String>, after: Option<String>, moved: i64, status: String, unfit: Option<String>, case_id: Option<Uuid>, said_at: Micros,
    received_at: Micros, ended_at: Option<Micros>
} }

macro_rules! changes {
    ($tail:expr) => {
        concat!(
            "SELECT h.id, h.employee_id, e.name AS employee_name, h.department_id, h.day, h.kind, h.plan_id, h.task_id, \
             c.name AS customer_name, h.code, h.words, h.before, h.after, h.moved, h.status, h.unfit, h.case_id, h.said_at, \
             h.received_at, h.ended_at FROM plan_change h \
             JOIN employee e ON e.tenant_id = h.tenant_id AND e.id = h.employee_id \
             LEFT JOIN task t ON t.tenant_id = h.tenant_id AND t.id = h.task_id \
             LEFT JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id WHERE h.tenant_id = $1 ",
            $tail
        )
    };
}

impl ChangeRow {
    /// Nobody has decided yet, or it was sent back and may be handed in again.
    pub fn open(&self) -> bool {
        matches!(self.status.as_str(), "waiting" | "returned")
    }

    pub fn shown(&self) -> Result<PlanChange> {
        Ok(PlanChange {
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.employee_name.clone() },
            day: self.day,
            kind: self.kind.clone(),
            plan_id: self.plan_id,
            task_id: self.task_id,
            customer: self.customer_name.clone(),
            code: self.code.clone(),
            words: self.words.clone(),
            before: self.before.as_deref().map(from_json).transpose()?,
            after: self.after.as_deref().map(from_json).transpose()?,
            moved: self.moved,
            status: self.status.clone(),
            unfit: self.unfit.clone(),
            case_id: self.case_id,
            said_at: self.said_at,
            received_at: self.received_at,
            ended_at: self.ended_at,
        })
    }
}

/// Filters of the list.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
    pub employee_id: Option<Uuid>,
    pub kind: Option<String>,
    pub status: Option<String>,
}

/// Changes in reach, newest day first.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<ChangeRow>> {
    let (day, id) = after.unzip();
    q.all(
        sql!(changes!(
            "AND {reach:h} AND ($3 IS NULL OR h.day >= $3) AND ($4 IS NULL OR h.day <= $4) AND ($5 IS NULL OR h.employee_id = $5) \
             AND ($6 IS NULL OR h.kind = $6) AND ($7 IS NULL OR h.status = $7) \
             AND ($8 IS NULL OR h.day < $8 OR (h.day = $8 AND h.id < $9)) ORDER BY h.day DESC, h.id DESC LIMIT $10"
        )),
        args![f.day_from, f.day_to, f.employee_id, &f.kind, &f.status, day, id, limit],
    )
    .await
}

/// A change by its id. The caller has checked whose it is.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<ChangeRow>> {
    q.one(sql!(changes!("AND h.id = $3")), args![id]).await
}

db::row! {
    /// The order wished for, with the travel known then: much, and only needed where it is applied.
    pub struct WishRow { wish: Option<String>, ways: Option<String> }
}

/// What a change wishes for. The caller has checked whose it is.
pub async fn wish(q: &mut impl Query, id: Uuid) -> Result<Option<WishRow>> {
    q.one(sql!("SELECT h.wish, h.ways FROM plan_change h WHERE h.tenant_id = $1 AND h.id = $3"), args![id])
        .await
}

/// Changes of a plan, in the order they were said. The caller has checked the plan.
pub async fn of_plan(q: &mut impl Query, plan: Uuid) -> Result<Vec<ChangeRow>> {
    q.all(sql!(changes!("AND h.plan_id = $3 ORDER BY h.said_at, h.id")), args![plan]).await
}

/// Changes of a day in reach, in the order they were said.
pub async fn of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<ChangeRow>> {
    q.all(sql!(changes!("AND h.day = $3 AND {reach:h} ORDER BY h.said_at, h.id")), args![day]).await
}

/// What is not decided: another order of this plan, or leaving out this task.
pub async fn undecided(q: &mut impl Query, plan: Option<Uuid>, task: Option<Uuid>) -> Result<Vec<ChangeRow>> {
    q.all(
        sql!(changes!(
            "AND h.status IN ('waiting', 'returned') AND ((h.kind = 'reorder' AND h.plan_id = $3) OR (h.kind = 'skip' AND h.task_id = $4)) ORDER BY h.id"
        )),
        args![plan, task],
    )
    .await
}

/// What a change is made of.
pub struct NewRow<'a> {
    pub id: Uuid,
    pub department: Uuid,
    pub day: LocalDay,
    pub kind: &'a str,
    pub plan: Option<Uuid>,
    pub task: Option<Uuid>,
    pub code: Option<&'a str>,
    pub words: Option<&'a str>,
    pub base_version: Option<i64>,
    pub wish: Option<&'a str>,
    pub ways: Option<&'a str>,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub moved: i64,
    pub status: &'a str,
    pub said_at: Micros,
}

/// Keeps a change of the acting person.
pub async fn insert(tx: &mut Tx, c: &NewRow<'_>) -> Result<u64> {
    let now = tx.now();
    let ended = (c.status != "waiting").then_some(now);
    tx.exec(
        sql!(
            "INSERT INTO plan_change (tenant_id, id, employee_id, department_id, day, kind, plan_id, task_id, code, words, base_version, wish, \
             ways, before, after, moved, status, said_at, received_at, ended_at) \
             VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
        ),
        args![
            c.id, c.department, c.day, c.kind, c.plan, c.task, c.code, c.words, c.base_version, c.wish, c.ways, c.before, c.after, c.moved,
            c.status, c.said_at, now, ended
        ],
    )
    .await
}

pub async fn set_case(tx: &mut Tx, id: Uuid, case: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE plan_change SET case_id = $4 WHERE tenant_id = $1 AND id = $3"), args![id, case])
        .await
}

/// Says how a change stands that is not decided; false when it stands so already, or has ended.
pub async fn set_standing(tx: &mut Tx, id: Uuid, status: &str) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE plan_change SET status = $4 WHERE tenant_id = $1 AND id = $3 AND status IN ('waiting', 'returned') AND status <> $4"
            ),
            args![id, status],
        )
        .await?;
    Ok(rows == 1)
}

/// Says how a change ended that was not decided; false when it has ended already.
pub async fn end(tx: &mut Tx, id: Uuid, status: &str, unfit: Option<&str>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!("UPDATE plan_change SET status = $4, unfit = $5, ended_at = $6 WHERE tenant_id = $1 AND id = $3 AND status IN ('waiting', 'returned')"),
            args![id, status, unfit, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Changes of a person that were handed in. The caller erases him.
pub async fn handed_in(q: &mut impl Query, person: Uuid) -> Result<Vec<ChangeRow>> {
    q.all(sql!(changes!("AND h.employee_id = $3 AND h.case_id IS NOT NULL ORDER BY h.id")), args![person])
        .await
}

/// Takes a person's own words out of his changes.
pub async fn forget_words(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE plan_change SET words = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await
}
