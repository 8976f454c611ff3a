//! A company's positions of one day as a Parquet file: everything that is stored, in the units it is stored in. The
//! columns are described in `docs/parquet.md`.
//!
//! Whoever gets the file is shown every position in it: a line stands in the ledger of each person before the first
//! byte goes out. The file is made while it is read, some people at a time, so that memory does not grow with the
//! company.

mod http;

pub(crate) use http::routes;

use base::{LocalDay, Problem};
use columns::{Cells, Column, File, Kind};
use db::{Database, Query, Result, Scope, args, sql};
use serde_json::json;
use track::ActivityHint;
use uuid::Uuid;

use crate::{Looked, Tracking, reading::Reading, store};

/// A group is written when it has so many rows; it ends with a person.
const GROUP: usize = 50_000;

/// Version of the columns; stands in the file.
const COLUMNS_VERSION: &str = "1";

const COLUMNS: &[Column] = &[
    Column { name: "employee_id", kind: Kind::Id, optional: false },
    Column { name: "time", kind: Kind::Time, optional: false },
    Column { name: "lat", kind: Kind::Decimal { digits: 10, scale: 7 }, optional: true },
    Column { name: "lon", kind: Kind::Decimal { digits: 10, scale: 7 }, optional: true },
    Column { name: "accuracy_m", kind: Kind::Decimal { digits: 9, scale: 1 }, optional: true },
    Column { name: "speed_mps", kind: Kind::Decimal { digits: 9, scale: 2 }, optional: true },
    Column { name: "bearing_deg", kind: Kind::Decimal { digits: 9, scale: 1 }, optional: true },
    Column { name: "altitude_m", kind: Kind::Decimal { digits: 9, scale: 1 }, optional: true },
    Column { name: "source", kind: Kind::Count, optional: false },
    Column { name: "activity", kind: Kind::Text, optional: true },
    Column { name: "battery", kind: Kind::Count, optional: true },
    Column { name: "charging", kind: Kind::Flag, optional: true },
    Column { name: "mock", kind: Kind::Flag, optional: false },
    Column { name: "backfill", kind: Kind::Flag, optional: false },
    Column { name: "extra", kind: Kind::Json, optional: true },
];

db::row! { struct IdRow { id: Uuid } }

/// People in reach with readings of a day, in order of their ids; those who left too.
async fn recorded(q: &mut impl Query, day: LocalDay) -> Result<Vec<Uuid>> {
    let rows: Vec<IdRow> = q
        .all(
            sql!(
                "SELECT e.id FROM person e WHERE e.tenant_id = $1 AND {reach:e} AND e.id IN ( \
                   SELECT employee_id FROM fix_batch WHERE tenant_id = $1 AND day = $3 \
                   UNION SELECT employee_id FROM fix_segment WHERE tenant_id = $1 AND day = $3) ORDER BY e.id"
            ),
            args![day],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// A file that is being made; hand out [`Export::next`] until it is over.
pub struct Export {
    db: Database,
    scope: Scope,
    day: LocalDay,
    rest: std::vec::IntoIter<Uuid>,
    /// Absent when the end was handed out.
    file: Option<File>,
    people: usize,
}

impl Export {
    /// Begins the file of a day for a reader: writes the ledger of everybody in it and the company's trail.
    ///
    /// # Errors
    /// When a line cannot be written: then nothing may be shown.
    pub async fn begin(db: &Database, tracking: &Tracking, scope: &Scope, day: LocalDay) -> Result<Export> {
        let people = recorded(&mut db.read(scope).await?, day).await?;
        tracking.look(scope, Looked::Positions, people.iter().copied(), day).await?;
        Export::of(db, scope, day, people).await
    }

    /// The same on the server itself, by whoever runs it: he is no person of the company, and stands as such in the
    /// ledgers.
    ///
    /// # Errors
    /// As [`Export::begin`].
    pub async fn begin_on_server(db: &Database, tenant: Uuid, day: LocalDay) -> Result<Export> {
        let scope = Scope::job("export", tenant);
        let mut reader = db.read(&scope).await?;
        let zone = org::zone(&mut reader).await?;
        let people = recorded(&mut reader, day).await?;
        drop(reader);
        crate::ledger::looked_on_server(db, &scope, &zone, Looked::Positions, &people, day).await?;
        Export::of(db, &scope, day, people).await
    }

    async fn of(db: &Database, scope: &Scope, day: LocalDay, people: Vec<Uuid>) -> Result<Export> {
        let zone = org::zone(&mut db.read(scope).await?).await?;
        let (tenant, counted) = (scope.tenant(), people.len());
        db.write(scope, move |tx| {
            Box::pin(async move {
                let changes = json!({ "day": day, "people": counted, "format": "parquet" });
                tx.audit("positions.exported", "company", tenant, changes).await
            })
        })
        .await?;
        let notes = [
            ("tashi.columns", COLUMNS_VERSION.to_owned()),
            ("tashi.datum", "WGS-84".to_owned()),
            ("tashi.company", tenant.to_string()),
            ("tashi.day", day.to_string()),
            ("tashi.zone", zone.iana_name().unwrap_or("UTC").to_owned()),
        ];
        let file = File::begin(COLUMNS, &notes).map_err(Problem::internal)?;
        Ok(Export {
            db: db.clone(),
            scope: scope.clone(),
            day,
            rest: people.into_iter(),
            file: Some(file),
            people: counted,
        })
    }

    /// How many people are in it.
    pub fn people(&self) -> usize {
        self.people
    }

    /// The next bytes of the file; `None` after its end.
    ///
    /// # Errors
    /// When the store cannot be read. What was handed out is then no whole file: it lacks its end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(mut file) = self.file.take() else { return Ok(None) };
        let mut rows = Rows::default();
        while rows.len() < GROUP
            && let Some(person) = self.rest.next()
        {
            // A connection is not kept over the time a slow reader takes.
            let mut reader = self.db.read(&self.scope).await?;
            for reading in store::readings(&mut reader, person, self.day).await? {
                rows.add(person, reading);
            }
        }
        let over = rows.len() < GROUP;
        let made = tokio::task::spawn_blocking(move || {
            if rows.len() > 0 {
                file.group(rows.cells())?;
            }
            match over {
                true => file.end().map(|bytes| (bytes, None)),
                false => file.take().map(|bytes| (bytes, Some(file))),
            }
        });
        let (bytes, file) = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        self.file = file;
        Ok(Some(bytes))
    }
}

/// Rows of a group, by column.
#[derive(Default)]
struct Rows {
    person: Vec<[u8; 16]>,
    numbers: [Vec<Option<i64>>; 9],
    activity: Vec<Option<Box<str>>>,
    flags: [Vec<Option<bool>>; 3],
    extra: Vec<Option<Box<str>>>,
}

impl Rows {
    fn len(&self) -> usize {
        self.person.len()
    }

    fn add(&mut self, person: Uuid, r: Reading) {
        self.person.push(*person.as_bytes());
        let (lng, lat) = r.at.unzip();
        let numbers = [
            Some(r.t_ms),
            lat.map(i64::from),
            lng.map(i64::from),
            r.acc_dm.map(i64::from),
            r.speed_cms.map(i64::from),
            r.bearing_dd.map(i64::from),
            r.alt_dm.map(i64::from),
            Some(i64::from(r.source)),
            r.battery.map(i64::from),
        ];
        self.numbers.iter_mut().zip(numbers).for_each(|(column, cell)| column.push(cell));
        self.activity.push(r.hint.map(|hint| word(hint).into()));
        let flags = [r.charging, Some(r.mock), Some(r.backfill)];
        self.flags.iter_mut().zip(flags).for_each(|(column, cell)| column.push(cell));
        self.extra.push(r.extra);
    }

    /// In the order of [`COLUMNS`].
    fn cells(self) -> Vec<Cells> {
        let [time, lat, lon, accuracy, speed, bearing, altitude, source, battery] =
            self.numbers.map(Cells::Number);
        let [charging, mock, backfill] = self.flags.map(Cells::Flag);
        vec![
            Cells::Id(self.person),
            time,
            lat,
            lon,
            accuracy,
            speed,
            bearing,
            altitude,
            source,
            Cells::Text(self.activity),
            battery,
            charging,
            mock,
            backfill,
            Cells::Text(self.extra),
        ]
    }
}

fn word(hint: ActivityHint) -> &'static str {
    match hint {
        ActivityHint::Still => "still",
        ActivityHint::Walking => "walking",
        ActivityHint::Running => "running",
        ActivityHint::Cycling => "cycling",
        ActivityHint::Driving => "driving",
        ActivityHint::Transit => "transit",
    }
}
