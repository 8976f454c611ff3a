//! Requests as something to be approved: which fields flows may look at, what those who decide are shown, and what follows.

use std::collections::BTreeMap;

use approvals::{Line, Matter, Outcome, SubjectField, SubjectLine, Subjects};
use db::{BoxFuture, Reader, Result, Tx};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::requests::{self, RequestKind, RequestRow, clock, in_days};

type Text = BTreeMap<String, String>;

fn both(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::from([("zh-CN".to_owned(), zh.into()), ("en".to_owned(), en.into())])
}

fn name(kind: RequestKind) -> (&'static str, &'static str) {
    match kind {
        RequestKind::Leave => ("请假", "Leave"),
        RequestKind::Overtime => ("加班", "Overtime"),
        RequestKind::Trip => ("出差", "Business trip"),
        RequestKind::Correction => ("补卡", "Punch correction"),
    }
}

/// What formulas of a flow know of a request, by kind: key, labels, type.
fn fields(kind: RequestKind) -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let mut all = vec![
        ("department", "部门", "Department", "text"),
        ("reason", "原因", "Reason", "text"),
        ("cancels", "是否销假", "Ends an approved one", "yes_no"),
    ];
    match kind {
        RequestKind::Leave => all.extend([
            ("type", "假别", "Kind of leave", "text"),
            ("days", "天数", "Days", "number"),
            ("balance_left", "申请前余额（天）", "Days left before", "number"),
        ]),
        RequestKind::Overtime => all.push(("hours", "小时数", "Hours", "number")),
        RequestKind::Trip => {
            all.extend([("days", "天数", "Days", "number"), ("place", "地点", "Place", "text")]);
        }
        RequestKind::Correction => all.push(("punch", "上班卡/下班卡", "In or out", "text")),
    }
    all
}

/// Tells flows of one kind of request.
pub struct RequestSubjects(RequestKind);

impl RequestSubjects {
    /// Of all kinds.
    pub fn all() -> Vec<std::sync::Arc<dyn Subjects>> {
        RequestKind::ALL.into_iter().map(|k| std::sync::Arc::new(RequestSubjects(k)) as _).collect()
    }
}

impl Subjects for RequestSubjects {
    fn kind(&self) -> &'static str {
        self.0.key()
    }

    fn all<'a>(&'a self, _: &'a mut Reader) -> BoxFuture<'a, Result<Vec<SubjectLine>>> {
        let (zh, en) = name(self.0);
        let line = SubjectLine { kind: self.0.key().into(), id: Uuid::nil(), title: both(zh, en) };
        Box::pin(async move { Ok(vec![line]) })
    }

    fn fields<'a>(&'a self, _: &'a mut Reader, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<SubjectField>>>> {
        let field = |(key, zh, en, kind): (&str, &str, &str, &str)| SubjectField {
            key: key.into(),
            label: both(zh, en),
            kind: kind.into(),
            options: vec![],
        };
        let all = id.is_nil().then(|| fields(self.0).into_iter().map(field).collect());
        Box::pin(async move { Ok(all) })
    }
}

/// When it is, as people say it.
fn span(row: &RequestRow, zone: &TimeZone) -> Text {
    let days = match row.from_day == row.to_day {
        true => row.from_day.to_string(),
        false => format!("{} ~ {}", row.from_day, row.to_day),
    };
    match (RequestKind::from_key(&row.kind), row.part.as_str()) {
        (RequestKind::Correction, _) => both(clock(row.from_at, zone), clock(row.from_at, zone)),
        (_, "hours") => {
            let text = format!("{} ~ {}", clock(row.from_at, zone), clock(row.to_at, zone));
            both(text.clone(), text)
        }
        (_, "am") => both(format!("{days} 上午"), format!("{days} first half")),
        (_, "pm") => both(format!("{days} 下午"), format!("{days} second half")),
        _ => both(days.clone(), days),
    }
}

fn amount(row: &RequestRow) -> Option<Text> {
    match RequestKind::from_key(&row.kind) {
        RequestKind::Leave | RequestKind::Trip => {
            let days = in_days(row.amount);
            Some(both(format!("{days} 天"), format!("{days} days")))
        }
        RequestKind::Overtime => {
            let (hours, minutes) = (row.amount / 60, row.amount % 60);
            Some(both(format!("{hours} 小时 {minutes} 分"), format!("{hours} h {minutes} min")))
        }
        RequestKind::Correction => None,
    }
}

fn punch(row: &RequestRow) -> Option<Text> {
    match row.punch_kind.as_deref()? {
        "out" => Some(both("下班卡", "Going")),
        _ => Some(both("上班卡", "Coming")),
    }
}

/// Hands a request in, as it stands in the store.
pub(crate) async fn hand_in(
    tx: &mut Tx,
    row: &RequestRow,
    zone: &TimeZone,
    today: &str,
    left: Option<i64>,
) -> Result<()> {
    let kind = RequestKind::from_key(&row.kind);
    let (zh, en) = name(kind);
    let (zh, en) = match row.cancels_id {
        Some(_) => (format!("取消{zh}"), format!("End of: {en}")),
        None => (zh.to_owned(), en.to_owned()),
    };
    let when = span(row, zone);
    let of = |text: &Text, lang: &str| text.get(lang).cloned().unwrap_or_default();
    let title = both(format!("{zh} · {}", of(&when, "zh-CN")), format!("{en} · {}", of(&when, "en")));
    let plain = |text: &str| Text::from([("zh-CN".to_owned(), text.to_owned())]);
    let mut lines: Vec<(&str, Text, Text)> = vec![];
    if let Some(leave) = &row.leave_type {
        lines.push(("type", both("假别", "Kind"), plain(leave)));
    }
    if let Some(which) = punch(row) {
        lines.push(("punch", both("补哪次卡", "Which punch"), which));
    }
    lines.push(("when", both("时间", "When"), when));
    lines.extend(amount(row).map(|a| ("amount", both("时长", "How long"), a)));
    lines.extend(row.place.as_deref().map(|p| ("place", both("地点", "Place"), plain(p))));
    lines.push(("reason", both("原因", "Reason"), plain(&row.reason)));
    if let Some(left) = left {
        let days = in_days(left);
        let text = both(format!("{days} 天"), format!("{days} days"));
        lines.push(("left", both("申请前余额", "Left before"), text));
    }
    let matter = Matter {
        kind: kind.key(),
        subject: Uuid::nil(),
        record: row.id,
        title,
        requester: row.employee_id,
        form: facts(row, kind, left),
        customer: Value::Null,
        task: Value::Null,
        today: today.to_owned(),
        summary: lines
            .iter()
            .take(4)
            .map(|(_, label, value)| Line { label: label.clone(), value: value.clone() })
            .collect(),
        content: content(&zh, &en, &lines),
    };
    let flow = format!("主管审批（{}）", name(kind).0);
    approvals::hand_in_or_head(tx, matter, &flow).await.map(drop)
}

/// What formulas know as `form`.
fn facts(row: &RequestRow, kind: RequestKind, left: Option<i64>) -> Map<String, Value> {
    let days = |milli: i64| json!(milli as f64 / 1000.0);
    let value = |key: &str| match key {
        "department" => json!(row.department),
        "reason" => json!(row.reason),
        "cancels" => json!(row.cancels_id.is_some()),
        "type" => json!(row.leave_type),
        "days" => days(row.amount),
        "hours" => json!(row.amount as f64 / 60.0),
        "balance_left" => left.map_or(Value::Null, days),
        "place" => json!(row.place),
        "punch" => json!(row.punch_kind),
        _ => Value::Null,
    };
    fields(kind).into_iter().map(|(key, ..)| (key.to_owned(), value(key))).collect()
}

/// As a form that is filled in: whoever decides reads it like any other.
fn content(zh: &str, en: &str, lines: &[(&str, Text, Text)]) -> Value {
    let fields: Vec<Value> =
        lines.iter().map(|(key, label, _)| json!({ "key": key, "type": "text", "label": label })).collect();
    // Answers are plain texts; both languages where they differ.
    let said = |value: &Text| match (value.get("zh-CN"), value.get("en")) {
        (Some(zh), Some(en)) if zh != en => format!("{zh} / {en}"),
        (Some(zh), _) => zh.clone(),
        _ => String::new(),
    };
    let answers: Map<String, Value> =
        lines.iter().map(|(key, _, value)| ((*key).to_owned(), json!(said(value)))).collect();
    json!({ "spec": { "title": both(zh, en), "fields": fields }, "answers": answers, "names": {} })
}

fn heard<'a>(tx: &'a mut Tx, record: Uuid, status: &'a str) -> BoxFuture<'a, Result<()>> {
    Box::pin(requests::decided(tx, record, status))
}

inventory::submit! { Outcome { kinds: &["leave", "overtime", "trip", "correction"], run: heard } }
