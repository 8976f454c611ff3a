//! Changes as something to be approved.

use approvals::{Line, Matter, Outcome, SubjectField, SubjectLine, Subjects, Text};
use base::Problem;
use db::{BoxFuture, Reader, Result, Tx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    model::{DayView, PlanChange},
    rules,
    service::{self, apply},
    sql::{self, ChangeRow},
};

/// The kind of cases changes are.
pub(super) const KIND: &str = "plan_change";
/// What the flow is called that is taken where none is in use.
const HEAD_FLOW: &str = "计划调整：部门负责人审批 / Changes of the day: the head decides";

/// Tells flows of changes: there is one definition of them.
pub struct PlanChangeSubjects;

fn both(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::from([("zh-CN".to_owned(), zh.into()), ("en".to_owned(), en.into())])
}

impl Subjects for PlanChangeSubjects {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn all<'a>(&'a self, _: &'a mut Reader) -> BoxFuture<'a, Result<Vec<SubjectLine>>> {
        let title = both("外勤调整当天计划", "Changes of one's own day");
        Box::pin(async move { Ok(vec![SubjectLine { kind: KIND.into(), id: Uuid::nil(), title }]) })
    }

    fn fields<'a>(&'a self, _: &'a mut Reader, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<SubjectField>>>> {
        Box::pin(async move { Ok(id.is_nil().then(fields)) })
    }
}

fn fields() -> Vec<SubjectField> {
    let field = |key: &str, kind: &str, zh: &str, en: &str| SubjectField {
        key: key.into(),
        label: both(zh, en),
        kind: kind.into(),
        options: vec![],
    };
    vec![
        field("kind", "text", "调整类型（reorder 调整顺序 / skip 跳过）", "Kind (reorder / skip)"),
        field("extra_km", "number", "增加的里程（公里，减少为负）", "Extra kilometres (negative: fewer)"),
        field(
            "extra_minutes",
            "number",
            "增加的驾车时间（分钟，减少为负）",
            "Extra minutes of driving (negative: fewer)",
        ),
        field("moved", "number", "移动的站数", "Stops moved"),
        field(
            "grade",
            "text",
            "客户等级（调整顺序时为所涉最高等级）",
            "Grade of the customer (of several: the best)",
        ),
        field("reason", "text", "原因代码", "Reason code"),
        field("department", "text", "申请人部门", "Department of the requester"),
    ]
}

/// What a change is called.
pub(super) fn title(c: &ChangeRow) -> Value {
    let (zh, en) = called(c);
    json!({ "zh": zh, "en": en })
}

fn called(c: &ChangeRow) -> (String, String) {
    match c.customer_name.as_deref().filter(|_| c.kind == "skip") {
        Some(customer) => (format!("跳过 {customer}"), format!("Skip {customer}")),
        None => (format!("调整 {} 的拜访顺序", c.day), format!("Another order for {}", c.day)),
    }
}

/// Hands a waiting change in, as it stands in the store.
pub(super) async fn hand_in(tx: &mut Tx, id: Uuid) -> Result<()> {
    let row = sql::one(tx, id).await?.ok_or_else(|| Problem::internal("a change that was just kept"))?;
    let change = row.shown()?;
    let person = org::person(tx, row.employee_id).await?;
    let (zh, en) = called(&row);
    let today = tx.now().local_day(&org::zone(tx).await?);
    let matter = Matter {
        kind: KIND,
        subject: Uuid::nil(),
        record: id,
        title: both(zh, en),
        requester: row.employee_id,
        form: answers(&change, &person.department_name),
        customer: match &change.customer {
            Some(name) => json!({ "name": name, "grade": grade(&change) }),
            None => Value::Null,
        },
        task: Value::Null,
        today: today.to_string(),
        summary: summary(&change),
        content: json!({ "plan_change": change }),
    };
    let case = approvals::hand_in_or_head(tx, matter, HEAD_FLOW).await?;
    let case = case.ok_or_else(|| Problem::internal("a person of no department"))?;
    sql::set_case(tx, id, case).await?;
    // Where the flow passed by itself, the change has ended in this transaction already.
    Ok(())
}

/// Of a skip the customer's; of another order the best of those whose place in it is another.
fn grade(c: &PlanChange) -> Option<String> {
    let before = c.before.as_ref()?;
    if let Some(task) = c.task_id {
        return before.stops.iter().find(|s| s.task_id == task).and_then(|s| s.grade.clone());
    }
    let after = c.after.as_ref()?;
    let moved = before.stops.iter().zip(&after.stops).filter(|(a, b)| a.task_id != b.task_id);
    moved.filter_map(|(a, _)| a.grade.clone()).min()
}

fn extra(c: &PlanChange, of: impl Fn(&DayView) -> i64) -> Option<i64> {
    Some(of(c.after.as_ref()?) - of(c.before.as_ref()?))
}

/// What formulas know as `form`.
fn answers(c: &PlanChange, department: &str) -> Map<String, Value> {
    // Kilometres and minutes for formulas of people; nothing is counted with them.
    let km = extra(c, |d| d.meters).map(|m| (m as f64 / 100.0).round() / 10.0);
    let minutes = extra(c, |d| d.seconds).map(|s| (s as f64 / 60.0).round());
    let all = json!({
        "kind": c.kind, "extra_km": km.unwrap_or(0.0), "extra_minutes": minutes.unwrap_or(0.0), "moved": c.moved, "grade": grade(c).unwrap_or_default(),
        "reason": c.code.clone().unwrap_or_else(|| "other".into()), "department": department,
    });
    match all {
        Value::Object(all) => all,
        _ => Map::new(),
    }
}

fn summary(c: &PlanChange) -> Vec<Line> {
    let (zh, en) = c.code.as_deref().map_or(("其他原因", "Another reason"), rules::words);
    let said = |known: &str, mark: &str| match c.words.as_deref() {
        Some(words) => format!("{known}{mark}{words}"),
        None => known.to_owned(),
    };
    let mut lines =
        vec![Line { label: both("原因", "Reason"), value: both(said(zh, "："), said(en, ": ")) }];
    if let Some(meters) = extra(c, |d| d.meters) {
        let km = format!("{:+.1} km", meters as f64 / 1000.0);
        lines.push(Line { label: both("里程", "Way"), value: both(km.clone(), km) });
    }
    lines
}

inventory::submit! { Outcome { kinds: &[KIND], run: |tx, record, status| Box::pin(settle(tx, record, status)) } }

/// A case about a change stands otherwise: an approved change is applied if it still fits.
async fn settle(tx: &mut Tx, record: Uuid, status: &str) -> Result<()> {
    let Some(change) = sql::one(tx, record).await?.filter(ChangeRow::open) else { return Ok(()) };
    match status {
        "running" => return service::stands(tx, &change, "waiting").await,
        "returned" => return service::stands(tx, &change, "returned").await,
        "approved" => {}
        "rejected" => return service::ended(tx, &change, "rejected", None).await,
        _ => return service::ended(tx, &change, "withdrawn", None).await,
    }
    let case = approvals::standing(tx, KIND, record).await?.map(|s| s.id);
    let change = ChangeRow { case_id: case, ..change };
    let unfit = apply(tx, &change).await?;
    let outcome = match unfit {
        None => {
            sql::end(tx, change.id, "applied", None).await?;
            json!({ "status": "applied" })
        }
        Some(unfit) => {
            service::ended(tx, &change, "unfit", Some(unfit)).await?;
            json!({ "status": "unfit", "code": unfit.code })
        }
    };
    match case {
        Some(case) => approvals::note(tx, case, "outcome", outcome).await,
        None => Ok(()),
    }
}
