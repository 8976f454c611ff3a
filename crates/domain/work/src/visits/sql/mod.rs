//! Statements on visits; those on their steps and photos are in [`parts`], on recordings in [`audio`](mod@audio).

mod audio;
mod erase;
mod parts;

pub use audio::*;
pub use erase::erase_places;
pub use parts::*;

use base::{LocalDay, Micros};
use db::{FromRow, Query, Result, Row, Tx, args, sql};
use geo::LngLat;
use org::Ref;
use uuid::Uuid;

use super::{FenceReading, OutsideCode, OutsideReason, ProofGiven, Verdict, VisitRow};
use crate::{
    group::{CustomerGroup, of_group},
    model::{VisitCustomer, from_json, point},
};

db::row! { pub struct Light {
    id: Uuid, employee_id: Uuid, employee_name: String, department_id: Uuid, customer_id: Uuid, customer_name: String,
    grade: Option<String>, task_id: Option<Uuid>, day: LocalDay, status: String, check_in_at: Micros, check_out_at: Option<Micros>,
    stay_s: Option<i64>, presence_s: Option<i64>, in_verdict: String, in_distance_m: Option<i64>, effective: Option<bool>,
    ineffective_reasons: String, photo_count: i64, steps_done: i64, steps_total: i64, summary: Option<String>, offline: bool,
    evidence_grade: Option<String>, truth_open: bool, outside_code: Option<String>, outside_words: Option<String>, identity: Option<String>
} }

db::row! { pub struct Rest {
    check_in_device_at: Micros, check_out_device_at: Option<Micros>, not_before: Micros, received_at: Micros, not_after: Option<Micros>, customer_lng: Option<i64>,
    customer_lat: Option<i64>, in_probability: f64, in_radius_m: i64, in_accuracy_m: Option<i64>, in_lng: Option<i64>, in_lat: Option<i64>,
    in_fix_at: Option<Micros>, out_verdict: Option<String>, out_probability: Option<f64>, out_distance_m: Option<i64>,
    out_radius_m: Option<i64>, out_accuracy_m: Option<i64>, out_lng: Option<i64>, out_lat: Option<i64>, out_fix_at: Option<Micros>,
    min_stay_s: i64, steps: String, content_sha256: String, version: i64
} }

/// A visit whole.
#[derive(Debug, Clone)]
pub struct Full {
    pub light: Light,
    pub rest: Rest,
}

impl FromRow for Full {
    fn from_row(row: &Row) -> Result<Full> {
        Ok(Full { light: Light::from_row(row)?, rest: Rest::from_row(row)? })
    }
}

macro_rules! light {
    ($more:expr, $tail:expr) => {
        concat!(
            "SELECT v.id, v.employee_id, e.name AS employee_name, v.department_id, v.customer_id, c.name AS customer_name, c.grade, v.task_id, \
             v.day, v.status, v.check_in_at, v.check_out_at, v.stay_s, v.presence_s, v.in_verdict, v.in_distance_m, v.effective, \
             v.ineffective_reasons, v.photo_count, v.steps_done, v.steps_total, v.summary, v.offline, \
             v.evidence_grade, v.truth_open, v.outside_code, v.outside_words, v.identity",
            $more,
            " FROM visit v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
             JOIN customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id ",
            $tail
        )
    };
}

macro_rules! full {
    ($tail:expr) => {
        light!(
            ", v.check_in_device_at, v.check_out_device_at, v.not_before, v.received_at, v.not_after, v.customer_lng, v.customer_lat, v.in_probability, \
             v.in_radius_m, v.in_accuracy_m, v.in_lng, v.in_lat, v.in_fix_at, v.out_verdict, v.out_probability, v.out_distance_m, \
             v.out_radius_m, v.out_accuracy_m, v.out_lng, v.out_lat, v.out_fix_at, v.min_stay_s, v.steps, v.content_sha256, v.version",
            $tail
        )
    };
}

impl Light {
    /// How the confirmation at check-in was judged.
    pub fn identity(&self) -> Result<Option<ProofGiven>> {
        self.identity.as_deref().map(from_json).transpose()
    }

    pub fn shown(self) -> Result<VisitRow> {
        Ok(VisitRow {
            identity: self.identity()?,
            id: self.id,
            employee: Ref { id: self.employee_id, name: self.employee_name },
            customer: VisitCustomer { id: self.customer_id, name: self.customer_name, grade: self.grade },
            task_id: self.task_id,
            day: self.day,
            status: self.status,
            check_in_at: self.check_in_at,
            check_out_at: self.check_out_at,
            stay_s: self.stay_s,
            presence_s: self.presence_s.map(|p| self.stay_s.map_or(p, |s| p.min(s))),
            verdict: Verdict::from_key(&self.in_verdict),
            distance_m: self.in_distance_m,
            outside: self
                .outside_code
                .map(|code| OutsideReason { code: OutsideCode::from_key(&code), words: self.outside_words }),
            effective: self.effective,
            ineffective_reasons: from_json(&self.ineffective_reasons)?,
            photo_count: self.photo_count,
            steps_done: self.steps_done,
            steps_total: self.steps_total,
            summary: self.summary,
            offline: self.offline,
            evidence_grade: self.evidence_grade,
            finding_open: self.truth_open,
        })
    }
}

impl Full {
    pub fn check_in(&self) -> FenceReading {
        FenceReading {
            verdict: Verdict::from_key(&self.light.in_verdict),
            probability: self.rest.in_probability,
            distance_m: self.light.in_distance_m,
            radius_m: self.rest.in_radius_m,
            accuracy_m: self.rest.in_accuracy_m,
            at: point(self.rest.in_lng, self.rest.in_lat),
            fix_time: self.rest.in_fix_at,
        }
    }

    pub fn check_out(&self) -> Option<FenceReading> {
        Some(FenceReading {
            verdict: Verdict::from_key(self.rest.out_verdict.as_deref()?),
            probability: self.rest.out_probability.unwrap_or(0.0),
            distance_m: self.rest.out_distance_m,
            radius_m: self.rest.out_radius_m.unwrap_or(self.rest.in_radius_m),
            accuracy_m: self.rest.out_accuracy_m,
            at: point(self.rest.out_lng, self.rest.out_lat),
            fix_time: self.rest.out_fix_at,
        })
    }

    pub fn customer_at(&self) -> Option<LngLat> {
        point(self.rest.customer_lng, self.rest.customer_lat)
    }
}

/// Filters of the list.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub day_from: Option<LocalDay>,
    pub day_to: Option<LocalDay>,
    pub employee_id: Option<Uuid>,
    pub customer_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub status: Option<String>,
    pub effective: Option<bool>,
    /// Keys separated by commas.
    pub verdict: Option<String>,
    /// One of them only.
    pub id: Option<Uuid>,
    pub group: Option<CustomerGroup>,
}

impl Filter {
    fn args(&self) -> Vec<db::Val> {
        let mut all = args![
            self.day_from,
            self.day_to,
            self.employee_id,
            self.customer_id,
            self.department_id,
            self.status.clone(),
            self.effective,
            self.verdict.clone(),
            self.id
        ];
        all.extend(CustomerGroup::args(self.group.as_ref()));
        all
    }
}

macro_rules! filtered {
    ($tail:expr) => {
        concat!(
            "WHERE v.tenant_id = $1 AND {reach:v} AND ($3 IS NULL OR v.day >= $3) AND ($4 IS NULL OR v.day <= $4) \
             AND ($5 IS NULL OR v.employee_id = $5) AND ($6 IS NULL OR v.customer_id = $6) \
             AND ($7 IS NULL OR v.department_id IN (SELECT d.descendant_id FROM department_closure d WHERE d.tenant_id = $1 AND d.ancestor_id = $7)) \
             AND ($8 IS NULL OR v.status = $8) AND ($9 IS NULL OR v.effective = $9) AND ($10 IS NULL OR (',' || CAST($10 AS TEXT) || ',') LIKE ('%,' || v.in_verdict || ',%')) \
             AND ($11 IS NULL OR v.id = $11) ",
            of_group!("v", "$12", "$13", "$14"),
            $tail
        )
    };
}

pub async fn list(
    q: &mut impl Query,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<Light>> {
    let (at, id) = after.unzip();
    let mut all = filter.args();
    all.extend(args![at, id, limit]);
    q.all(
        sql!(light!(
            "",
            filtered!(
                "AND ($15 IS NULL OR v.check_in_at < $15 OR (v.check_in_at = $15 AND v.id < $16)) ORDER BY v.check_in_at DESC, v.id DESC LIMIT $17"
            )
        )),
        all,
    )
    .await
}

db::row! { pub struct ProofRow { visit_id: Uuid, proofs: String } }

/// How the proofs of the steps of these visits were judged.
pub async fn proofs(q: &mut impl Query, filter: &Filter) -> Result<Vec<ProofRow>> {
    q.all(
        sql!(concat!(
            "SELECT s.visit_id, s.proofs FROM visit_step s JOIN visit v ON v.tenant_id = s.tenant_id AND v.id = s.visit_id ",
            filtered!("AND s.proofs IS NOT NULL")
        )),
        filter.args(),
    )
    .await
}

db::row! { struct Counted { n: i64 } }

pub async fn count(q: &mut impl Query, filter: &Filter) -> Result<i64> {
    let row: Counted = q
        .must(
            sql!(concat!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM visit v ", filtered!(""))),
            filter.args(),
        )
        .await?;
    Ok(row.n)
}

/// A visit in reach.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<Option<Full>> {
    q.one(sql!(full!("WHERE v.tenant_id = $1 AND v.id = $3 AND {reach:v}")), args![id]).await
}

/// Any visit of the company with this id: only to tell whether an id is taken, and for jobs of the floors above.
pub async fn any(q: &mut impl Query, id: Uuid) -> Result<Option<Full>> {
    q.one(sql!(full!("WHERE v.tenant_id = $1 AND v.id = $3")), args![id]).await
}

/// The last open visit of a person, in reach.
pub async fn open(q: &mut impl Query, employee: Uuid) -> Result<Option<Full>> {
    q.one(
        sql!(full!(
            "WHERE v.tenant_id = $1 AND v.employee_id = $3 AND v.status = 'open' AND {reach:v} ORDER BY v.check_in_at DESC LIMIT 1"
        )),
        args![employee],
    )
    .await
}

/// Visits of a person in reach that overlap a stretch of time, in order. One that is open reaches into now.
pub async fn between(q: &mut impl Query, employee: Uuid, from: Micros, to: Micros) -> Result<Vec<Light>> {
    q.all(
        sql!(light!(
            "",
            "WHERE v.tenant_id = $1 AND v.employee_id = $3 AND v.check_in_at < $5 AND (v.check_out_at IS NULL OR v.check_out_at >= $4) \
             AND {reach:v} ORDER BY v.check_in_at, v.id"
        )),
        args![employee, from, to],
    )
    .await
}

pub async fn of_person_day(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<Vec<Light>> {
    q.all(
        sql!(light!("", "WHERE v.tenant_id = $1 AND v.employee_id = $3 AND v.day = $4 AND {reach:v} ORDER BY v.check_in_at, v.id")),
        args![employee, day],
    )
    .await
}

pub async fn of_day(q: &mut impl Query, day: LocalDay) -> Result<Vec<Light>> {
    q.all(
        sql!(light!(
            "",
            "WHERE v.tenant_id = $1 AND v.day = $3 AND {reach:v} ORDER BY v.employee_id, v.check_in_at, v.id"
        )),
        args![day],
    )
    .await
}

/// The last visits at a customer, by whomever. The caller has checked the customer.
pub async fn of_customer(q: &mut impl Query, customer: Uuid, limit: i64) -> Result<Vec<Light>> {
    q.all(
        sql!(light!(
            "",
            "WHERE v.tenant_id = $1 AND v.customer_id = $3 ORDER BY v.check_in_at DESC, v.id DESC LIMIT $4"
        )),
        args![customer, limit],
    )
    .await
}

/// The last visits at each customer the acting person owns, newest first.
pub async fn of_my_customers(q: &mut impl Query, each: i64) -> Result<Vec<Light>> {
    q.all(
        sql!(light!(
            "",
            "JOIN (SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.customer_id ORDER BY w.check_in_at DESC, w.id DESC) AS n FROM visit w \
               JOIN customer m ON m.tenant_id = w.tenant_id AND m.id = w.customer_id AND m.employee_id = $2 AND m.status <> 'archived' \
               WHERE w.tenant_id = $1) r ON r.id = v.id \
             WHERE v.tenant_id = $1 AND r.n <= $3 ORDER BY v.check_in_at DESC, v.id DESC"
        )),
        args![each],
    )
    .await
}

db::row! { pub struct CustomerFigures { visits: i64, effective: i64, avg_stay_s: Option<i64> } }

/// Figures of a customer's visits since an instant. The caller has checked the customer.
pub async fn stats_of_customer(q: &mut impl Query, customer: Uuid, since: Micros) -> Result<CustomerFigures> {
    q.must(
        sql!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS visits, CAST(COALESCE(SUM(CASE WHEN effective = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS effective, \
             CAST(AVG(stay_s) AS BIGINT) AS avg_stay_s FROM visit WHERE tenant_id = $1 AND customer_id = $3 AND check_in_at >= $4"
        ),
        args![customer, since],
    )
    .await
}

db::row! { pub struct Site { lng: Option<i64>, lat: Option<i64>, radius_m: i64, min_stay_s: i64, outside: Option<String>, created_at: Micros } }

/// Fence and rule of a customer, whatever the reach. The caller has checked that he may go there.
pub async fn site(q: &mut impl Query, customer: Uuid) -> Result<Site> {
    q.must(
        sql!(
            "SELECT c.lng, c.lat, COALESCE(c.radius_m, k.radius_m) AS radius_m, k.min_stay_s, k.outside, c.created_at FROM customer c \
             JOIN customer_class k ON k.tenant_id = c.tenant_id AND k.id = c.class_id WHERE c.tenant_id = $1 AND c.id = $3"
        ),
        args![customer],
    )
    .await
}

/// What a visit is made of at check-in.
pub struct NewVisit<'a> {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub department_id: Uuid,
    pub customer_id: Uuid,
    pub task_id: Option<Uuid>,
    pub day: LocalDay,
    pub at: Micros,
    pub said_at: Micros,
    pub not_before: Micros,
    pub received_at: Micros,
    pub not_after: Option<Micros>,
    pub offline: bool,
    pub customer_at: Option<LngLat>,
    pub reading: &'a FenceReading,
    pub min_stay_s: i64,
    pub steps: &'a str,
    pub steps_total: i64,
    pub content_sha256: &'a str,
    pub outside: Option<&'a OutsideReason>,
    pub identity: Option<String>,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, v: NewVisit<'_>) -> Result<bool> {
    let (customer_lng, customer_lat) = v.customer_at.map(LngLat::e7).unzip();
    let (lng, lat) = v.reading.at.map(LngLat::e7).unzip();
    let rows = tx.exec(
        sql!(
            "INSERT INTO visit (tenant_id, id, employee_id, department_id, customer_id, task_id, day, status, check_in_at, check_in_device_at, \
             not_before, received_at, offline, customer_lng, customer_lat, in_verdict, in_probability, in_distance_m, in_radius_m, \
             in_accuracy_m, in_lng, in_lat, in_fix_at, min_stay_s, steps, steps_done, steps_total, photo_count, ineffective_reasons, \
             content_sha256, version, not_after, outside_code, outside_words, identity) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
             $25, 0, $26, 0, '[\"not_finished\"]', $27, 1, $28, $29, $30, $31) ON CONFLICT (tenant_id, id) DO NOTHING"
        ),
        args![
            v.id, v.employee_id, v.department_id, v.customer_id, v.task_id, v.day, v.at, v.said_at, v.not_before, v.received_at, v.offline,
            customer_lng, customer_lat, v.reading.verdict.key(), v.reading.probability, v.reading.distance_m, v.reading.radius_m,
            v.reading.accuracy_m, lng, lat, v.reading.fix_time, v.min_stay_s, v.steps, v.steps_total, v.content_sha256, v.not_after,
            v.outside.map(|o| o.code.key()), v.outside.and_then(|o| o.words.clone()), v.identity
        ],
    )
    .await?;
    Ok(rows == 1)
}

pub async fn set_check_out(
    tx: &mut Tx,
    id: Uuid,
    at: Micros,
    said_at: Micros,
    stay_s: i64,
    r: &FenceReading,
) -> Result<u64> {
    let (lng, lat) = r.at.map(LngLat::e7).unzip();
    tx.exec(
        sql!(
            "UPDATE visit SET status = 'done', check_out_at = $4, check_out_device_at = $5, stay_s = $6, out_verdict = $7, out_probability = $8, \
             out_distance_m = $9, out_radius_m = $10, out_accuracy_m = $11, out_lng = $12, out_lat = $13, out_fix_at = $14 \
             WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, at, said_at, stay_s, r.verdict.key(), r.probability, r.distance_m, r.radius_m, r.accuracy_m, lng, lat, r.fix_time],
    )
    .await
}

pub async fn set_summary(tx: &mut Tx, id: Uuid, text: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE visit SET summary = $4 WHERE tenant_id = $1 AND id = $3"), args![id, text]).await
}

/// False when it is what was known before.
pub async fn set_presence(tx: &mut Tx, id: Uuid, seconds: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!("UPDATE visit SET presence_s = $4 WHERE tenant_id = $1 AND id = $3 AND (presence_s IS NULL OR presence_s <> $4)"),
            args![id, seconds],
        )
        .await?;
    Ok(rows == 1)
}

/// Counts the version on. Done before the parts are read, it makes two changes of one visit wait for each other
/// on either engine, so that what is worked out of the parts sees all of them.
pub async fn touch(tx: &mut Tx, id: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE visit SET version = version + 1 WHERE tenant_id = $1 AND id = $3"), args![id]).await
}

/// Writes what was worked out of the parts.
pub async fn set_outcome(
    tx: &mut Tx,
    id: Uuid,
    steps_done: i64,
    photo_count: i64,
    effective: Option<bool>,
    reasons: &str,
) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE visit SET steps_done = $4, photo_count = $5, effective = $6, ineffective_reasons = $7 \
             WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, steps_done, photo_count, effective, reasons],
    )
    .await
}

/// Notes whether a red finding is open, and a grade of evidence that is better than the one known (A is best). False when
/// nothing changed.
pub async fn set_truth(tx: &mut Tx, id: Uuid, open: bool, grade: Option<&str>) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE visit SET truth_open = $4, evidence_grade = CASE WHEN $5 IS NULL THEN evidence_grade \
                 WHEN evidence_grade IS NULL OR evidence_grade > $5 THEN $5 ELSE evidence_grade END \
                 WHERE tenant_id = $1 AND id = $3 AND (truth_open <> $4 OR ($5 IS NOT NULL AND (evidence_grade IS NULL OR evidence_grade > $5)))"
            ),
            args![id, open, grade],
        )
        .await?;
    Ok(rows == 1)
}
