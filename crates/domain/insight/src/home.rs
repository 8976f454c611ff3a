//! The first page of a manager: who is out, what is late, what needs me.

use std::collections::HashMap;

use api::{Access, Answer, Caller, Kit, Routes, axum, ok, routes};
use axum::{Extension, extract::State};
use base::{LocalDay, problem::Lang};
use db::Permission;
use org::{Person, Ref};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use work::{DayWork, TaskStatus, Verdict, is_open};

use crate::{
    Insight,
    http::written_down,
    live::{LiveCounts, LivePerson, LiveState, compose},
};

/// The three questions answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Home {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub out: Out,
    /// Who is late, and whose phone is not heard.
    pub late: Vec<LivePerson>,
    pub needs_me: Vec<NeedsMe>,
    pub team: Vec<TeamRow>,
}

/// Who is out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomeOut)]
pub struct Out {
    pub counts: LiveCounts,
    /// At most twelve of them.
    pub people: Vec<LivePerson>,
}

/// Something a manager should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedsMe {
    /// overdue, skipped, ineffective, cannot_tell or silent.
    pub kind: String,
    pub title: String,
    pub count: i64,
    /// Page of the console that lists them.
    pub link: String,
}

/// A department's day.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamRow {
    pub department: Ref,
    /// Visits that count.
    pub effective: i64,
    /// Visits under way.
    pub open: i64,
    /// Tasks past their window.
    pub overdue: i64,
    /// Tasks still ahead.
    pub todo: i64,
}

const SHOWN: usize = 12;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::ReportRead), routes!(home))
}

/// The first page.
#[utoipa::path(get, path = "/home", tag = "report", responses((status = 200, body = Home)))]
async fn home(
    State(kit): State<Kit>,
    Extension(insight): Extension<Insight>,
    caller: Caller,
) -> Answer<Home> {
    let tenant = caller.scope.tenant();
    let day = kit.now().local_day(&insight.tracking().zone(tenant).await?);
    let mut reader = kit.db.read(&caller.scope).await?;
    let people = org::people(&mut reader).await?;
    let work = work::day_of_all(&mut reader, day, kit.now()).await?;
    drop(reader);
    let live = compose(&insight, tenant, &people).await?;
    let counts = LiveCounts::of(&live);
    let (late, rest): (Vec<LivePerson>, Vec<LivePerson>) =
        live.into_iter().partition(|p| matches!(p.state, LiveState::Late | LiveState::Silent));
    let out = rest.into_iter().filter(|p| !matches!(p.state, LiveState::NotStarted | LiveState::OffDuty));
    let out: Vec<LivePerson> = out.take(SHOWN).collect();
    written_down(&insight, &caller, &out).await?;
    written_down(&insight, &caller, &late).await?;
    ok(Home {
        day,
        out: Out { counts, people: out },
        late,
        needs_me: needs_me(&work, counts.silent, day, caller.lang),
        team: team(&people, &work),
    })
}

fn needs_me(work: &HashMap<Uuid, DayWork>, silent: i64, day: LocalDay, lang: Lang) -> Vec<NeedsMe> {
    let tasks = |status: TaskStatus| {
        work.values().flat_map(|w| &w.tasks).filter(|t| t.status == status).count() as i64
    };
    let visits = || work.values().flat_map(|w| &w.visits);
    let cannot_tell = visits().filter(|v| v.verdict == Verdict::CannotTell).count() as i64;
    let ineffective = visits().filter(|v| v.effective == Some(false)).count() as i64;
    let lines = [
        (
            "overdue",
            tasks(TaskStatus::Overdue),
            "任务已过时间",
            "Tasks past their window",
            format!("/tasks?day={day}&status=overdue"),
        ),
        (
            "skipped",
            tasks(TaskStatus::Skipped),
            "任务被跳过",
            "Tasks skipped",
            format!("/tasks?day={day}&status=skipped"),
        ),
        (
            "ineffective",
            ineffective,
            "拜访未达标",
            "Visits that do not count",
            format!("/visits?day={day}&effective=false"),
        ),
        (
            "cannot_tell",
            cannot_tell,
            "签到位置不能判断",
            "Check-ins that cannot be told",
            format!("/visits?day={day}&verdict=cannot_tell"),
        ),
        ("silent", silent, "人员失联", "People silent", "/live?state=silent".to_owned()),
    ];
    let shown = lines.into_iter().filter(|(_, count, ..)| *count > 0);
    shown
        .map(|(kind, count, zh, en, link)| NeedsMe {
            kind: kind.to_owned(),
            title: if lang == Lang::Zh { zh } else { en }.to_owned(),
            count,
            link,
        })
        .collect()
}

fn team(people: &[Person], work: &HashMap<Uuid, DayWork>) -> Vec<TeamRow> {
    let mut rows: Vec<TeamRow> = vec![];
    for person in people {
        let Some(w) = work.get(&person.id) else { continue };
        let department = person.department();
        let at = rows.iter().position(|r| r.department == department).unwrap_or_else(|| {
            rows.push(TeamRow { department, effective: 0, open: 0, overdue: 0, todo: 0 });
            rows.len() - 1
        });
        let row = &mut rows[at];
        row.effective += w.visits.iter().filter(|v| v.effective == Some(true)).count() as i64;
        row.open += w.visits.iter().filter(|v| v.status == "open").count() as i64;
        row.overdue += w.tasks.iter().filter(|t| t.status == TaskStatus::Overdue).count() as i64;
        let ahead = |t: &&work::Task| {
            is_open(t.status) && !matches!(t.status, TaskStatus::Overdue | TaskStatus::OnSite)
        };
        row.todo += w.tasks.iter().filter(ahead).count() as i64;
    }
    rows.sort_by(|a, b| a.department.name.cmp(&b.department.name));
    rows
}
