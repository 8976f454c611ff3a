//! The list as a file: the same filters, the same reach, all pages. The headings are those of the import, so that a
//! file can come back, and a second sheet tells what the first holds; telephone numbers stay masked as on the screen,
//! under a heading the import does not take.
//! Every export stands in the trail.

use api::{
    Caller, Failure, Kit, Query,
    axum::{
        extract::State,
        http::header,
        response::{IntoResponse, Response},
    },
};
use base::{LocalDay, Problem, problem::Lang};
use custom::{
    Fields, Noun,
    about::About,
    cells::{Cell, cell, harmless, said},
};
use db::Result;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Customer,
    http::CustomerFilter,
    order::sort_key,
    sql::{self, Filter, Sort},
};

/// Most rows of one file, as many as an import takes.
const MOST: usize = 50_000;
/// Rows read at once.
const PAGE: i64 = 1_000;

base::problems! {
    TOO_MANY = 422 "customer.export_too_many",
        zh "客户太多" / "一次最多导出 50,000 行，请缩小筛选范围。",
        en "Too many customers" / "A file holds at most 50,000 rows; narrow the filter.";
}

const COLUMNS: [(&str, &str, f64); 19] = [
    ("客户名称", "Customer", 28.0),
    ("客户编号", "Code", 12.0),
    ("等级", "Grade", 7.0),
    ("分类", "Class", 12.0),
    ("标签", "Tags", 18.0),
    ("地址", "Address", 36.0),
    ("经度", "Longitude", 12.0),
    ("纬度", "Latitude", 12.0),
    ("坐标系", "Datum", 8.0),
    ("负责人", "Owner", 12.0),
    ("联系人", "Contact", 12.0),
    ("电话（部分隐藏）", "Phone (partly hidden)", 16.0),
    ("营业时间", "Opening hours", 28.0),
    ("优先人员", "Preferred person", 12.0),
    ("不派人员", "Barred people", 18.0),
    ("部门", "Department", 16.0),
    ("状态", "Status", 10.0),
    ("最近拜访", "Last visit", 12.0),
    ("备注", "Note", 40.0),
];

/// What goes into a file: customers, and the company's own fields as columns behind ours.
struct Listed {
    rows: Vec<Customer>,
    fields: Fields,
    about: About,
}

impl Listed {
    fn own_heads(&self, lang: Lang) -> impl Iterator<Item = String> {
        self.fields.spec().fields.iter().map(move |f| harmless(&said(&f.label, lang)))
    }

    fn own_cells(&self, c: &Customer, lang: Lang) -> impl Iterator<Item = Cell> {
        let spec = self.fields.spec();
        spec.fields.iter().map(move |f| cell(spec, f, c.custom.get(&f.key), &Default::default(), lang))
    }
}

fn cells(c: &Customer) -> [String; 19] {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let degrees = |v: Option<f64>| v.map(|v| format!("{v:.6}")).unwrap_or_default();
    let contact = c.contact.as_ref();
    [
        c.name.clone(),
        text(&c.code),
        text(&c.grade),
        c.class.name.clone(),
        c.tags.join("、"),
        text(&c.address),
        degrees(c.at.map(|at| at.lng())),
        degrees(c.at.map(|at| at.lat())),
        c.at.map_or("", |_| "wgs84").to_owned(),
        c.owner.as_ref().map_or(String::new(), |o| o.name.clone()),
        contact.map_or(String::new(), |p| p.name.clone()),
        contact.and_then(|p| p.phone_masked.clone()).unwrap_or_default(),
        c.hours.text(),
        c.whom.preferred.as_ref().map_or(String::new(), |p| p.name.clone()),
        c.whom.barred.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("、"),
        c.department.name.clone(),
        c.status.clone(),
        c.last_visit_day.map(|d| d.to_string()).unwrap_or_default(),
        text(&c.note),
    ]
}

fn heads(lang: Lang) -> [&'static str; 19] {
    COLUMNS.map(|(zh, en, _)| if lang == Lang::Zh { zh } else { en })
}

/// The customers in reach that the filter finds, in order of name, as a spreadsheet.
#[utoipa::path(get, path = "/customers.xlsx", tag = "customers", params(CustomerFilter), responses((status = 200, description = "Spreadsheet", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn sheet(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<CustomerFilter>,
) -> std::result::Result<Response, Failure> {
    let (rows, day) = rows(&kit, &caller, &f, "xlsx").await?;
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || workbook(&rows, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(day, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes))
}

/// The same as text, in UTF-8 with the mark by which Excel knows it.
#[utoipa::path(get, path = "/customers.csv", tag = "customers", params(CustomerFilter), responses((status = 200, description = "Comma-separated values", content_type = "text/csv"), (status = 422, body = api::ProblemDocument)))]
pub(crate) async fn text(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<CustomerFilter>,
) -> std::result::Result<Response, Failure> {
    let (rows, day) = rows(&kit, &caller, &f, "csv").await?;
    let lang = caller.lang;
    let made = tokio::task::spawn_blocking(move || table(&rows, lang));
    let bytes = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file(day, "csv", "text/csv; charset=utf-8", bytes))
}

/// What was asked for, by the names the rows give it.
fn told(about: About, filter: &Filter, fields: &Fields, rows: &[Customer]) -> About {
    let first = rows.first();
    let named = |id: Option<Uuid>, name: Option<&String>| {
        id.map(|id| name.map_or_else(|| id.to_string(), String::clone))
    };
    let window = |b: [i64; 4]| b.map(|e7| format!("{:.5}", e7 as f64 / 1e7)).join(", ");
    about
        .of("搜索", "Search", filter.q.clone())
        .of("等级", "Grade", filter.grade.clone())
        .of("标签", "Tag", filter.tag.clone())
        .of("分类", "Class", named(filter.class_id, first.map(|c| &c.class.name)))
        .of("负责人", "Owner", named(filter.owner_id, first.and_then(|c| c.owner.as_ref()).map(|o| &o.name)))
        .of(
            "区域",
            "Territory",
            named(filter.territory_id, first.and_then(|c| c.territory.as_ref()).map(|t| &t.name)),
        )
        .of("状态", "Status", filter.status.clone())
        .of(
            "地图范围（西、南、东、北）",
            "Part of the map (west, south, east, north)",
            filter.bbox.map(window),
        )
        .of_own(fields, &filter.custom)
}

/// Reads all pages and notes in the trail that they were taken out.
async fn rows(
    kit: &Kit,
    caller: &Caller,
    f: &CustomerFilter,
    format: &'static str,
) -> Result<(Listed, LocalDay)> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let fields = Fields::in_force(&mut reader, Noun::Customer).await?;
    let filter = f.filter(&fields)?;
    let mut rows: Vec<Customer> = vec![];
    loop {
        let after = rows.last().map(|c| (sort_key(&c.name), 0, c.id));
        let mut page = sql::list(&mut reader, &filter, Sort::Name, after, PAGE).await?;
        let more = page.len() as i64 > PAGE;
        page.truncate(PAGE as usize);
        rows.append(&mut page);
        if rows.len() > MOST {
            return Err(Problem::new(TOO_MANY));
        }
        if !more {
            break;
        }
    }
    let day = kit.now().local_day(&org::zone(&mut reader).await?);
    let about = org::about(&mut reader, caller, kit.now(), filter.department_id).await?;
    let about = told(about, &filter, &fields, &rows);
    drop(reader);
    let said = json!({ "format": format, "rows": rows.len(), "filter": f });
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let company = tx.tenant();
                tx.audit("customer.export", "company", company, said).await
            })
        })
        .await?;
    Ok((Listed { rows, fields, about }, day))
}

fn file(day: LocalDay, ending: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"tashi-customers-{day}.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

fn workbook(listed: &Listed, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let title = if lang == Lang::Zh { "客户" } else { "Customers" };
    sheet.set_name(title)?;
    let bold = Format::new().set_bold();
    for (column, head) in (0..).zip(heads(lang)) {
        sheet.write_with_format(0, column, head, &bold)?;
        sheet.set_column_width(column, COLUMNS[usize::from(column)].2)?;
    }
    for (column, head) in (COLUMNS.len() as u16..).zip(listed.own_heads(lang)) {
        sheet.write_with_format(0, column, head, &bold)?;
        sheet.set_column_width(column, 16.0)?;
    }
    for (row, customer) in (1..).zip(&listed.rows) {
        for (column, cell) in (0..).zip(cells(customer)) {
            // Always as text: a name that begins with = is a name.
            sheet.write_string(row, column, cell)?;
        }
        for (column, cell) in (COLUMNS.len() as u16..).zip(listed.own_cells(customer, lang)) {
            custom::cells::write(sheet, row, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    listed.about.write(&mut book, title, listed.rows.len())?;
    book.save_to_buffer()
}

fn table(listed: &Listed, lang: Lang) -> std::result::Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(heads(lang).into_iter().map(str::to_owned).chain(listed.own_heads(lang)))?;
    for customer in &listed.rows {
        let own = listed.own_cells(customer, lang).map(|cell| match cell {
            Cell::Number(n) => n.to_string(),
            Cell::Text(text) => text,
        });
        writer.write_record(cells(customer).into_iter().chain(own).map(|cell| harmless(&cell)))?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
