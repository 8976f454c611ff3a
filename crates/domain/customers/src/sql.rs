use base::{LocalDay, Micros, Problem, problem};
use custom::{Condition, Kept, Noun, filter};
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use uuid::Uuid;

use crate::{
    Contact, Customer, CustomerPeople, OpeningHours, Place, Served, Whom,
    model::{masked, phone_part},
    order::sort_key,
    whom,
};

db::row! { pub struct CustomerRow {
    id: Uuid, code: Option<String>, name: String, grade: Option<String>, class_id: Uuid, class_name: String, tags: String,
    address: Option<String>, lng: Option<i64>, lat: Option<i64>, radius_m: i64, min_stay_s: i64, employee_id: Option<Uuid>, owner_name: Option<String>,
    department_id: Uuid, department_name: String, territory_id: Option<Uuid>, territory_name: Option<String>, status: String, note: Option<String>, last_visit_day: Option<LocalDay>, opening_hours: Option<String>, whom: Option<String>, custom: Option<String>, version: i64,
    contact_id: Option<Uuid>, contact_name: Option<String>, contact_title: Option<String>, contact_phone: Option<String>
} }

fn point(lng: Option<i64>, lat: Option<i64>) -> Option<LngLat> {
    LngLat::from_e7(lng?, lat?).ok()
}

impl From<CustomerRow> for Customer {
    fn from(r: CustomerRow) -> Customer {
        let contact = r.contact_id.zip(r.contact_name).map(|(id, name)| Contact {
            id,
            name,
            title: r.contact_title,
            phone_masked: r.contact_phone.as_deref().map(masked),
            primary: true,
        });
        Customer {
            id: r.id,
            code: r.code,
            name: r.name,
            grade: r.grade,
            class: Ref { id: r.class_id, name: r.class_name },
            tags: serde_json::from_str(&r.tags).unwrap_or_default(),
            address: r.address,
            at: point(r.lng, r.lat),
            radius_m: r.radius_m,
            owner: r.employee_id.zip(r.owner_name).map(|(id, name)| Ref { id, name }),
            department: Ref { id: r.department_id, name: r.department_name },
            territory: r.territory_id.zip(r.territory_name).map(|(id, name)| Ref { id, name }),
            status: r.status,
            contact,
            last_visit_day: r.last_visit_day,
            note: r.note,
            hours: OpeningHours::of_kept(r.opening_hours.as_deref()),
            whom: CustomerPeople::default(),
            custom: r.custom.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default(),
            version: r.version,
        }
    }
}

macro_rules! customer_columns {
    ($tail:literal) => {
        concat!(
            "SELECT c.id, c.code, c.name, c.grade, c.class_id, k.name AS class_name, c.tags, c.address, c.lng, c.lat, \
             COALESCE(c.radius_m, k.radius_m) AS radius_m, k.min_stay_s, c.employee_id, o.name AS owner_name, c.department_id, \
             d.name AS department_name, c.territory_id, y.name AS territory_name, c.status, c.note, c.last_visit_day, c.opening_hours, c.whom, c.version, ",
            custom::answers!("c", "customer"),
            ", p.id AS contact_id, p.name AS contact_name, p.title AS contact_title, p.phone AS contact_phone \
             FROM customer c \
             JOIN customer_class k ON k.tenant_id = c.tenant_id AND k.id = c.class_id \
             JOIN department d ON d.tenant_id = c.tenant_id AND d.id = c.department_id \
             LEFT JOIN territory y ON y.tenant_id = c.tenant_id AND y.id = c.territory_id \
             LEFT JOIN employee o ON o.tenant_id = c.tenant_id AND o.id = c.employee_id \
             LEFT JOIN contact p ON p.tenant_id = c.tenant_id AND p.customer_id = c.id AND p.is_primary = 1 ",
            $tail
        )
    };
}

/// Any customer of the company. The caller has checked that he may know of it.
pub async fn customer_of_company(q: &mut impl Query, id: Uuid) -> Result<Customer> {
    let row: CustomerRow =
        q.must(sql!(customer_columns!("WHERE c.tenant_id = $1 AND c.id = $3")), args![id]).await?;
    named_one(q, row).await
}

/// One customer in reach.
pub async fn customer(q: &mut impl Query, id: Uuid) -> Result<Customer> {
    let row: CustomerRow = q
        .must(sql!(customer_columns!("WHERE c.tenant_id = $1 AND c.id = $3 AND {reach:c}")), args![id])
        .await?;
    named_one(q, row).await
}

/// With the names of whoever is wanted or barred.
async fn named_one(q: &mut impl Query, row: CustomerRow) -> Result<Customer> {
    let kept = Whom::of_kept(row.whom.as_deref());
    let names = whom::names_of(q, std::iter::once(&kept)).await?;
    Ok(Customer { whom: kept.named(&names), ..row.into() })
}

/// Filters of the list.
#[derive(Default, Clone)]
pub struct Filter {
    pub q: Option<String>,
    pub grade: Option<String>,
    pub tag: Option<String>,
    pub class_id: Option<Uuid>,
    pub owner_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub status: Option<String>,
    /// West, south, east, north in degrees × 10⁷.
    pub bbox: Option<[i64; 4]>,
    pub territory_id: Option<Uuid>,
    /// On the company's own fields.
    pub custom: Vec<Condition>,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        let like = |s: &str| format!("%{}%", s.to_lowercase().replace(['%', '_'], ""));
        let [w, s, e, n] = self.bbox.map_or([None; 4], |b| b.map(Some));
        let mut all = args![
            self.q.as_deref().map(like),
            self.grade.clone(),
            self.tag.as_ref().map(|t| format!("%{}%", serde_json::Value::from(t.as_str()))),
            self.class_id,
            self.owner_id,
            self.department_id,
            self.status.clone(),
            w,
            s,
            e,
            n,
            self.territory_id
        ];
        all.extend(filter::slots(&self.custom));
        all.extend(args![self.q.as_deref().and_then(phone_part).map(|part| format!("%{part}%"))]);
        all
    }
}

macro_rules! filtered {
    ($tail:literal) => {
        concat!(
            "WHERE c.tenant_id = $1 AND {reach:c} AND ($3 IS NULL OR c.search LIKE $3 OR ",
            custom::found!("c", "customer", "$3"),
            // One look through the numbers, not one for each customer.
            " OR ($47 IS NOT NULL AND c.id IN (SELECT n.customer_id FROM contact n \
             WHERE n.tenant_id = $1 AND REPLACE(REPLACE(n.phone, ' ', ''), '-', '') LIKE $47)) \
             ) AND ($4 IS NULL OR (',' || CAST($4 AS TEXT) || ',') LIKE ('%,' || c.grade || ',%')) \
             AND ($5 IS NULL OR c.tags LIKE $5) AND ($6 IS NULL OR c.class_id = $6) AND ($7 IS NULL OR c.employee_id = $7) \
             AND ($8 IS NULL OR c.department_id IN (SELECT x.descendant_id FROM department_closure x WHERE x.tenant_id = $1 AND x.ancestor_id = $8)) \
             AND (($9 IS NULL AND c.status <> 'archived') OR c.status = $9) \
             AND ($10 IS NULL OR (c.lng BETWEEN $10 AND $12 AND c.lat BETWEEN $11 AND $13)) \
             AND ($14 IS NULL OR c.territory_id = $14) ",
            custom::condition!("custom_value", "c.id AND v.noun = 'customer'", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22"),
            custom::condition!("custom_value", "c.id AND v.noun = 'customer'", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30"),
            custom::condition!("custom_value", "c.id AND v.noun = 'customer'", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38"),
            custom::condition!("custom_value", "c.id AND v.noun = 'customer'", "$39", "$40", "$41", "$42", "$43", "$44", "$45", "$46"),
            $tail
        )
    };
}

macro_rules! list_sql {
    ($tail:literal) => {
        concat!(
            "SELECT c.id, c.code, c.name, c.grade, c.class_id, k.name AS class_name, c.tags, c.address, c.lng, c.lat, \
             COALESCE(c.radius_m, k.radius_m) AS radius_m, k.min_stay_s, c.employee_id, o.name AS owner_name, c.department_id, \
             d.name AS department_name, c.territory_id, y.name AS territory_name, c.status, c.note, c.last_visit_day, c.opening_hours, c.whom, c.version, ",
            custom::answers!("c", "customer"),
            ", p.id AS contact_id, p.name AS contact_name, p.title AS contact_title, p.phone AS contact_phone \
             FROM customer c \
             JOIN customer_class k ON k.tenant_id = c.tenant_id AND k.id = c.class_id \
             JOIN department d ON d.tenant_id = c.tenant_id AND d.id = c.department_id \
             LEFT JOIN territory y ON y.tenant_id = c.tenant_id AND y.id = c.territory_id \
             LEFT JOIN employee o ON o.tenant_id = c.tenant_id AND o.id = c.employee_id \
             LEFT JOIN contact p ON p.tenant_id = c.tenant_id AND p.customer_id = c.id AND p.is_primary = 1 ",
            filtered!($tail)
        )
    };
}

/// Orders of the list. Customers never visited stand at the old end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Name,
    NameDown,
    LastVisit,
    LastVisitDown,
}

/// A page of customers after the one with the given sort key.
pub async fn list(
    q: &mut impl Query,
    f: &Filter,
    sort: Sort,
    after: Option<(String, i64, Uuid)>,
    limit: i64,
) -> Result<Vec<Customer>> {
    let (name, day, id) = match after {
        Some((name, day, id)) => (Some(name), Some(day), Some(id)),
        None => (None, None, None),
    };
    let statement = match sort {
        Sort::Name => sql!(list_sql!(
            "AND ($48 IS NULL OR c.sort_key > $48 OR (c.sort_key = $48 AND c.id > $50)) AND ($49 IS NULL OR 1 = 1) ORDER BY c.sort_key, c.id LIMIT $51"
        )),
        Sort::NameDown => sql!(list_sql!(
            "AND ($48 IS NULL OR c.sort_key < $48 OR (c.sort_key = $48 AND c.id < $50)) AND ($49 IS NULL OR 1 = 1) ORDER BY c.sort_key DESC, c.id DESC LIMIT $51"
        )),
        Sort::LastVisit => sql!(list_sql!(
            "AND ($48 IS NULL OR 1 = 1) AND ($49 IS NULL OR COALESCE(c.last_visit_day, 0) > $49 OR (COALESCE(c.last_visit_day, 0) = $49 AND c.id > $50)) \
             ORDER BY COALESCE(c.last_visit_day, 0), c.id LIMIT $51"
        )),
        Sort::LastVisitDown => sql!(list_sql!(
            "AND ($48 IS NULL OR 1 = 1) AND ($49 IS NULL OR COALESCE(c.last_visit_day, 0) < $49 OR (COALESCE(c.last_visit_day, 0) = $49 AND c.id < $50)) \
             ORDER BY COALESCE(c.last_visit_day, 0) DESC, c.id DESC LIMIT $51"
        )),
    };
    let mut all = f.args();
    all.extend(args![name, day, id, limit + 1]);
    let rows: Vec<CustomerRow> = q.all(statement, all).await?;
    let kept = |r: CustomerRow| {
        let whom = Whom::of_kept(r.whom.as_deref());
        (Customer::from(r), whom)
    };
    whom::put_names(q, rows.into_iter().map(kept).collect()).await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, f: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM customer c ", filtered!(""))), f.args())
        .await?;
    Ok(row.n)
}

db::row! { pub struct Places { total: i64, placed: i64 } }

/// How many customers there are, and how many of them have a position.
pub async fn places_known(q: &mut impl Query) -> Result<Places> {
    q.must(
        sql!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS total, CAST(COUNT(c.lng) AS BIGINT) AS placed FROM customer c \
             WHERE c.tenant_id = $1 AND {reach:c} AND c.status <> 'archived'"
        ),
        vec![],
    )
    .await
}

db::row! { pub struct PointRow {
    id: Uuid, name: String, grade: Option<String>, lng: i64, lat: i64, employee_id: Option<Uuid>, last_visit_day: Option<LocalDay>, status: String,
    territory_id: Option<Uuid>
} }

/// Customers with a position, for the map.
pub async fn points(q: &mut impl Query, f: &Filter, limit: i64) -> Result<Vec<PointRow>> {
    let mut all = f.args();
    all.extend(args![limit + 1]);
    q.all(
        sql!(concat!(
            "SELECT c.id, c.name, c.grade, c.lng, c.lat, c.employee_id, c.last_visit_day, c.status, c.territory_id FROM customer c ",
            filtered!("AND c.lng IS NOT NULL ORDER BY c.id LIMIT $48")
        )),
        all,
    )
    .await
}

db::row! { struct PlaceRow {
    id: Uuid, name: String, grade: Option<String>, lng: Option<i64>, lat: Option<i64>, radius_m: i64, min_stay_s: i64, address: Option<String>,
    class_id: Uuid, employee_id: Option<Uuid>, department_id: Uuid, status: String, tags: String, last_visit_day: Option<LocalDay>,
    territory_id: Option<Uuid>, opening_hours: Option<String>, whom: Option<String>, version: i64, custom: Option<String>
} }

macro_rules! places {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT c.id, c.name, c.grade, c.lng, c.lat, COALESCE(c.radius_m, k.radius_m) AS radius_m, k.min_stay_s, c.address, c.class_id, \
             c.employee_id, c.department_id, c.status, c.tags, c.last_visit_day, c.territory_id, c.opening_hours, c.whom, c.version, ",
            custom::answers!("c", "customer"),
            " FROM customer c JOIN customer_class k ON k.tenant_id = c.tenant_id AND k.id = c.class_id WHERE c.tenant_id = $1 AND ",
            $tail
        ))
    };
}

impl From<PlaceRow> for Place {
    fn from(r: PlaceRow) -> Place {
        Place {
            id: r.id,
            name: r.name,
            grade: r.grade,
            at: point(r.lng, r.lat),
            radius_m: r.radius_m,
            min_stay_s: r.min_stay_s,
            address: r.address,
            class_id: r.class_id,
            owner_id: r.employee_id,
            department_id: r.department_id,
            status: r.status,
            hours: OpeningHours::of_kept(r.opening_hours.as_deref()),
            whom: Whom::of_kept(r.whom.as_deref()),
        }
    }
}

impl From<PlaceRow> for Served {
    fn from(r: PlaceRow) -> Served {
        Served {
            tags: serde_json::from_str(&r.tags).unwrap_or_default(),
            last_visit_day: r.last_visit_day,
            territory_id: r.territory_id,
            custom: r.custom.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default(),
            version: r.version,
            place: r.into(),
        }
    }
}

/// One customer in reach, as a place.
pub async fn place(q: &mut impl Query, id: Uuid) -> Result<Place> {
    let row: PlaceRow = q.must(places!("c.id = $3 AND {reach:c}"), args![id]).await?;
    Ok(row.into())
}

/// One customer of the company whatever the caller's reach, as a place: for what somebody in reach does there.
pub async fn place_of_company(q: &mut impl Query, id: Uuid) -> Result<Place> {
    let row: PlaceRow = q.must(places!("c.id = $3"), args![id]).await?;
    Ok(row.into())
}

/// Customers in reach by id, in the order asked.
///
/// # Errors
/// `not_found` when one of them is unknown or out of reach.
pub async fn places(q: &mut impl Query, ids: &[Uuid]) -> Result<Vec<Place>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(place(q, *id).await?);
    }
    Ok(found)
}

/// All customers of the company that are not archived, whatever the caller's reach: for attributing stays.
pub async fn all_places(q: &mut impl Query) -> Result<Vec<Place>> {
    let rows: Vec<PlaceRow> = q.all(places!("c.status <> 'archived' AND c.lng IS NOT NULL"), vec![]).await?;
    Ok(rows.into_iter().map(Place::from).collect())
}

/// Active customers in reach, of a department and all below it or of all.
pub async fn served(q: &mut impl Query, department: Option<Uuid>) -> Result<Vec<Served>> {
    let rows: Vec<PlaceRow> = q
        .all(
            places!(
                "{reach:c} AND c.status = 'active' AND ($3 IS NULL OR c.department_id IN \
                 (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $3)) ORDER BY c.id"
            ),
            args![department],
        )
        .await?;
    Ok(rows.into_iter().map(Served::from).collect())
}

/// An active customer in reach, if it is one.
pub async fn served_one(q: &mut impl Query, id: Uuid) -> Result<Option<Served>> {
    let row: Option<PlaceRow> =
        q.one(places!("c.id = $3 AND c.status = 'active' AND {reach:c}"), args![id]).await?;
    Ok(row.map(Served::from))
}

/// What a rep carries on the phone: his own customers (newest visits first, at most 500) and any others
/// named, such as those he is planned to visit. Who is barred from them is nothing for phones.
pub async fn for_field(q: &mut impl Query, also: &[Uuid]) -> Result<Vec<Customer>> {
    let rows: Vec<CustomerRow> = q
        .all(
            sql!(customer_columns!(
                "WHERE c.tenant_id = $1 AND c.employee_id = $2 AND c.status <> 'archived' ORDER BY COALESCE(c.last_visit_day, 0) DESC, c.id LIMIT 500"
            )),
            vec![],
        )
        .await?;
    let mut customers: Vec<Customer> = rows.into_iter().map(Customer::from).collect();
    for id in also {
        if customers.iter().all(|c| c.id != *id) {
            let row: Option<CustomerRow> =
                q.one(sql!(customer_columns!("WHERE c.tenant_id = $1 AND c.id = $3")), args![*id]).await?;
            customers.extend(row.map(Customer::from));
        }
    }
    Ok(customers)
}

/// Notes that a customer was visited on a day.
pub async fn touch_last_visit(tx: &mut Tx, id: Uuid, day: LocalDay) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE customer SET last_visit_day = $4 WHERE tenant_id = $1 AND id = $3 AND COALESCE(last_visit_day, 0) < $4"
        ),
        args![id, day],
    )
    .await
}

/// What is written of a customer.
pub struct Written {
    pub id: Uuid,
    pub code: Option<String>,
    pub name: String,
    pub grade: Option<String>,
    pub class_id: Uuid,
    pub tags: Vec<String>,
    pub address: Option<String>,
    pub at: Option<LngLat>,
    pub radius_m: Option<i64>,
    pub owner_id: Option<Uuid>,
    pub department_id: Uuid,
    pub territory_id: Option<Uuid>,
    pub status: String,
    pub note: Option<String>,
    pub hours: OpeningHours,
    pub whom: Whom,
    /// Answers to the company's own fields.
    pub custom: Kept,
}

/// Text that searching looks through: name, its pinyin and initials, code, address.
fn search_text(w: &Written) -> String {
    let part = |o: &Option<String>| o.as_deref().unwrap_or("").to_lowercase();
    format!("{} {} {} {}", w.name.to_lowercase(), org::pinyin_of(&w.name), part(&w.code), part(&w.address))
}

fn taken(p: Problem) -> Problem {
    if p.code == db::TAKEN {
        return Problem::new(problem::INVALID).with("reason", "code").field("code", crate::CODE_TAKEN);
    }
    p
}

pub async fn insert(tx: &mut Tx, w: &Written, now: Micros) -> Result<u64> {
    let (lng, lat) = w.at.map(LngLat::e7).unzip();
    let rows = tx.exec(
        sql!(
            "INSERT INTO customer (tenant_id, id, code, name, search, grade, class_id, tags, address, lng, lat, radius_m, employee_id, \
             department_id, status, note, created_at, territory_id, opening_hours, whom, sort_key, version) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![
            w.id, &w.code, &w.name, search_text(w), &w.grade, w.class_id, serde_json::json!(w.tags).to_string(), &w.address, lng, lat,
            w.radius_m, w.owner_id, w.department_id, &w.status, &w.note, now, w.territory_id, w.hours.kept(), w.whom.kept(), sort_key(&w.name)
        ],
    )
    .await
    .map_err(taken)?;
    if rows == 1 {
        custom::keep(tx, Noun::Customer, w.id, &w.custom).await?;
    }
    Ok(rows)
}

pub async fn update(tx: &mut Tx, w: &Written, version: i64) -> Result<u64> {
    let (lng, lat) = w.at.map(LngLat::e7).unzip();
    let rows = tx.exec(
        sql!(
            "UPDATE customer SET code = $4, name = $5, search = $6, grade = $7, class_id = $8, tags = $9, address = $10, lng = $11, lat = $12, \
             radius_m = $13, employee_id = $14, department_id = $15, status = $16, note = $17, territory_id = $19, opening_hours = $20, whom = $21, sort_key = $22, version = version + 1 \
             WHERE tenant_id = $1 AND id = $3 AND version = $18"
        ),
        args![
            w.id, &w.code, &w.name, search_text(w), &w.grade, w.class_id, serde_json::json!(w.tags).to_string(), &w.address, lng, lat,
            w.radius_m, w.owner_id, w.department_id, &w.status, &w.note, version, w.territory_id, w.hours.kept(), w.whom.kept(), sort_key(&w.name)
        ],
    )
    .await
    .map_err(taken)?;
    if rows == 1 {
        custom::keep(tx, Noun::Customer, w.id, &w.custom).await?;
    }
    Ok(rows)
}

db::row! { struct OwnRadius { radius_m: Option<i64> } }

/// The customer's own radius, if it has one beside its class's.
pub async fn own_radius(q: &mut impl Query, id: Uuid) -> Result<Option<i64>> {
    let row: OwnRadius =
        q.must(sql!("SELECT radius_m FROM customer WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
    Ok(row.radius_m)
}

db::row! { pub struct KnownRow { id: Uuid, name: String, code: Option<String>, lng: Option<i64>, lat: Option<i64> } }

/// All customers by name and code, for finding duplicates in an import.
pub async fn known(q: &mut impl Query) -> Result<Vec<KnownRow>> {
    q.all(
        sql!("SELECT id, name, code, lng, lat FROM customer WHERE tenant_id = $1 AND status <> 'archived'"),
        vec![],
    )
    .await
}

db::row! { pub struct Unordered { id: Uuid, name: String } }

/// Customers of whose place in the order of names nothing is known yet.
pub async fn unordered(tx: &mut Tx, most: i64) -> Result<Vec<Unordered>> {
    tx.all(
        sql!("SELECT c.id, c.name FROM customer c WHERE c.tenant_id = $1 AND c.sort_key = '' LIMIT $3"),
        args![most],
    )
    .await
}

/// The place of a customer in the order of names.
pub async fn set_order(tx: &mut Tx, id: Uuid, key: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE customer SET sort_key = $4 WHERE tenant_id = $1 AND id = $3"), args![id, key]).await
}

db::row! { pub struct GradesRow { names: String, version: i64 } }

/// The list of grades a company has made, as JSON.
pub async fn grades(q: &mut impl Query) -> Result<Option<GradesRow>> {
    q.one(sql!("SELECT names, version FROM customer_grades WHERE tenant_id = $1"), vec![]).await
}

/// Keeps a list of grades; 0 when another was kept since that version.
pub async fn set_grades(tx: &mut Tx, names: &str, version: i64) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO customer_grades (tenant_id, names, changed_by, changed_at, version) VALUES ($1, $3, $2, $4, $5 + 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET names = excluded.names, changed_by = excluded.changed_by, \
             changed_at = excluded.changed_at, version = excluded.version WHERE customer_grades.version = $5"
        ),
        args![names, now, version],
    )
    .await
}

db::row! { struct OfGrade { n: i64 } }

/// Customers of a grade, archived ones too: they may come back.
pub async fn of_grade(q: &mut impl Query, grade: &str) -> Result<i64> {
    let count: OfGrade = q
        .must(sql!("SELECT COUNT(*) AS n FROM customer WHERE tenant_id = $1 AND grade = $3"), args![grade])
        .await?;
    Ok(count.n)
}

db::row! { pub struct OutsideRow { id: Uuid, outside: String } }

/// Classes with a rule of their own about check-ins from outside the fence.
pub async fn outside_of_classes(q: &mut impl Query) -> Result<Vec<OutsideRow>> {
    q.all(sql!("SELECT id, outside FROM customer_class WHERE tenant_id = $1 AND outside IS NOT NULL"), vec![])
        .await
}
