use api::{Access, Answer, Caller, Kit, Page, PageQuery, Query, Routes, axum, ok, routes};
use axum::{Extension, extract::State};
use base::problem::Lang;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{LedgerEntry, LedgerReader, Looked, sql};
use crate::Tracking;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(own))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LedgerFilter {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Who looked at my positions, newest first.
#[utoipa::path(get, path = "/me/ledger", tag = "me", params(LedgerFilter), responses((status = 200, body = Page<LedgerEntry>)))]
async fn own(
    State(kit): State<Kit>,
    Extension(tracking): Extension<Tracking>,
    caller: Caller,
    Query(f): Query<LedgerFilter>,
) -> Answer<Page<LedgerEntry>> {
    let limit = PageQuery::rows(f.limit);
    let before: Option<(i64, uuid::Uuid)> = api::cursor_decode(&f.cursor)?;
    tracking.book().store_pending(&kit.db, Some(caller.scope.tenant())).await?;
    let rows = sql::own(&mut kit.db.read(&caller.scope).await?, before, limit + 1).await?;
    let entry = |r: sql::LineRow| {
        let what = Looked::from_key(&r.what);
        LedgerEntry {
            id: r.id,
            at: r.last_at,
            reader: LedgerReader {
                person: org::Ref {
                    id: r.reader_id,
                    name: r.reader_name.unwrap_or_else(|| operator(caller.lang).to_owned()),
                },
                department: r.department_name.unwrap_or_default(),
            },
            what,
            purpose: purpose(what, caller.lang).to_owned(),
            day: r.day,
            count: r.count,
        }
    };
    ok(Page::from_rows(rows.into_iter().map(entry).collect(), limit, |e: &LedgerEntry| (e.at.0, e.id)))
}

/// Whoever runs the server is no person of the company.
fn operator(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "服务器管理员（命令行）",
        Lang::En => "Operator of the server (command line)",
    }
}

/// What each screen is for.
fn purpose(what: Looked, lang: Lang) -> &'static str {
    match (what, lang) {
        (Looked::Live, Lang::Zh) => "实时调度与关怀",
        (Looked::Live, Lang::En) => "Dispatch and care during the day",
        (Looked::Playback, Lang::Zh) => "回看当天轨迹",
        (Looked::Playback, Lang::En) => "Looking back at the day",
        (Looked::Export, Lang::Zh) => "导出日报表格",
        (Looked::Export, Lang::En) => "Export of the day report",
        (Looked::Report, Lang::Zh) => "日报与里程核对",
        (Looked::Report, Lang::En) => "Day report and mileage",
        (Looked::Visit, Lang::Zh) => "查看拜访证据",
        (Looked::Visit, Lang::En) => "Evidence of a visit",
        (Looked::Mileage, Lang::Zh) => "核对当月里程单",
        (Looked::Mileage, Lang::En) => "Mileage statement of the month",
        (Looked::Everything, Lang::Zh) => "导出个人全部数据",
        (Looked::Everything, Lang::En) => "Export of all personal data",
        (Looked::Fence, Lang::Zh) => "围栏进出与巡检",
        (Looked::Fence, Lang::En) => "Coming and going at watched places",
        (Looked::Search, Lang::Zh) => "核查某时某地在场人员",
        (Looked::Search, Lang::En) => "Search for who was near a place",
        (Looked::Finding, Lang::Zh) => "查看疑点",
        (Looked::Finding, Lang::En) => "Opening a finding",
        (Looked::Positions, Lang::Zh) => "导出全天定位点",
        (Looked::Positions, Lang::En) => "Export of all positions of the day",
        (Looked::Attendance, Lang::Zh) => "查看考勤打卡",
        (Looked::Attendance, Lang::En) => "Attendance punches",
        (Looked::Recording, Lang::Zh) => "收听拜访录音",
        (Looked::Recording, Lang::En) => "Listening to a recording of a visit",
    }
}
