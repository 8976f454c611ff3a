//! The list of tasks as a file.

use api::{
    Caller, Failure, Kit, Query,
    axum::{extract::State, response::Response},
};
use base::{Problem, problem::Lang};
use custom::{
    Fields, Noun,
    about::About,
    cells::Cell,
    listing::{Ending, Listing, MOST},
};
use db::Result;
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

use super::{Task, TaskStatus, http::TaskQuery, sql};
use crate::TOO_MANY;

/// Read at once.
const PAGE: i64 = 500;

/// The tasks in reach that the filter finds, newest day first, as a spreadsheet.
#[utoipa::path(get, path = "/tasks.xlsx", tag = "work", params(TaskQuery), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<TaskQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Xlsx).await?)
}

/// The same as text.
#[utoipa::path(get, path = "/tasks.csv", tag = "work", params(TaskQuery), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 422, body = api::ProblemDocument)))]
pub(super) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<TaskQuery>,
) -> std::result::Result<Response, Failure> {
    Ok(file(&kit, &caller, &q, Ending::Csv).await?)
}

async fn file(kit: &Kit, caller: &Caller, q: &TaskQuery, ending: Ending) -> Result<Response> {
    let (now, lang) = (kit.now(), caller.lang);
    let mut r = kit.db.read(&caller.scope).await?;
    let fields = Fields::in_force(&mut r, Noun::Task).await?;
    let filter = q.filter(&fields, now)?;
    let zone = org::zone(&mut r).await?;
    let mut all: Vec<Task> = vec![];
    loop {
        let after = all.last().map(|t| (t.day.as_int(), t.employee.id, t.seq, t.id));
        let page = sql::list(&mut r, &filter, after, PAGE).await?;
        let more = page.len() as i64 == PAGE;
        for row in &page {
            all.push(row.shown(now)?);
        }
        if all.len() > MOST {
            return Err(Problem::new(TOO_MANY));
        }
        if !more {
            break;
        }
    }
    let about = told(org::about(&mut r, caller, now, filter.department_id).await?, &filter, lang, &all)
        .of_own(&fields, &filter.custom);
    drop(r);
    let said = json!({
        "format": ending.key(), "rows": all.len(), "day_from": filter.day_from, "day_to": filter.day_to,
        "employee": filter.employee_id, "department": filter.department_id, "q": filter.q,
    });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let company = tx.tenant();
                tx.audit("task.export", "company", company, said).await
            })
        })
        .await?;
    let heads =
        HEADS.iter().map(|(zh, en, width)| (if lang == Lang::Zh { zh } else { en }.to_string(), *width));
    let listing = Listing {
        title: if lang == Lang::Zh { "任务" } else { "Tasks" },
        heads: heads.chain(fields.heads(lang).map(|head| (head, 16.0))).collect(),
        rows: all
            .iter()
            .map(|t| line(t, lang, &zone).into_iter().chain(fields.cells(&t.custom, lang)).collect())
            .collect(),
    };
    listing.answer_about(about, "tasks", now.local_day(&zone), ending).await
}

const HEADS: [(&str, &str, f64); 13] = [
    ("日期", "Day", 12.0),
    ("顺序", "Order", 8.0),
    ("人员", "Person", 12.0),
    ("客户", "Customer", 28.0),
    ("等级", "Grade", 8.0),
    ("地址", "Address", 32.0),
    ("任务", "Task", 20.0),
    ("最早", "From", 8.0),
    ("最晚", "To", 8.0),
    ("状态", "Status", 10.0),
    ("预计到达", "Expected", 10.0),
    ("原因", "Reason", 20.0),
    ("说明", "Note", 32.0),
];

fn line(t: &Task, lang: Lang, zone: &TimeZone) -> Vec<Cell> {
    let some = |text: &Option<String>| Cell::Text(text.clone().unwrap_or_default());
    let clock = |minute: i32| Cell::Text(format!("{:02}:{:02}", minute / 60, minute % 60));
    vec![
        Cell::Text(t.day.to_string()),
        Cell::Number(t.seq as f64),
        Cell::Text(t.employee.name.clone()),
        Cell::Text(t.customer.name.clone()),
        some(&t.customer.grade),
        some(&t.customer.address),
        Cell::Text(t.title.clone()),
        clock(t.window.from_minute),
        clock(t.window.to_minute),
        Cell::Text(word(t.status, lang).to_owned()),
        t.eta.map_or(Cell::Text(String::new()), |at| clock(at.local_minute(zone))),
        some(&t.reason),
        some(&t.note),
    ]
}

fn told(about: About, filter: &sql::Filter, lang: Lang, rows: &[Task]) -> About {
    let named = |id: Option<Uuid>, name: Option<&String>| {
        id.map(|id| name.map_or_else(|| id.to_string(), String::clone))
    };
    let statuses = |keys: &String| {
        let words: Vec<&str> = keys.split(',').map(|key| word(TaskStatus::from_key(key), lang)).collect();
        words.join(if lang == Lang::Zh { "、" } else { ", " })
    };
    about
        .of("日期从", "From day", filter.day_from.map(|day| day.to_string()))
        .of("日期到", "To day", filter.day_to.map(|day| day.to_string()))
        .of("人员", "Person", named(filter.employee_id, rows.first().map(|t| &t.employee.name)))
        .of("客户", "Customer", named(filter.customer_id, rows.first().map(|t| &t.customer.name)))
        .of("状态", "Status", filter.status.as_ref().map(statuses))
        .of("搜索", "Search", filter.q.clone())
}

fn word(status: TaskStatus, lang: Lang) -> &'static str {
    let (zh, en) = match status {
        TaskStatus::New => ("待接受", "new"),
        TaskStatus::Accepted => ("已接受", "accepted"),
        TaskStatus::OnTheWay => ("在路上", "on the way"),
        TaskStatus::OnSite => ("在店", "on site"),
        TaskStatus::Done => ("已完成", "done"),
        TaskStatus::Skipped => ("已跳过", "skipped"),
        TaskStatus::Cancelled => ("已取消", "cancelled"),
        TaskStatus::Overdue => ("已逾期", "overdue"),
    };
    if lang == Lang::Zh { zh } else { en }
}
