//! The tables of the command line: CSV in, CSV out. Columns may come in any order, unknown ones are ignored, optional
//! ones may be missing, cells may be empty.

use std::{
    collections::HashMap,
    io::{Read, Write},
};

use csv::StringRecord;
use geo::LngLat;

use crate::model::{Assessment, Case, Claim, Company, Customer, Edit, Fix};

/// Why a table cannot be read; names the table, the line and the column.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("{table}: {source}")]
    Csv { table: &'static str, source: csv::Error },
    #[error("{table}: column \"{column}\" is missing (found: {found})")]
    Column { table: &'static str, column: &'static str, found: String },
    #[error("{table}, line {line}: \"{value}\" in column \"{column}\" is not {wanted}")]
    Value { table: &'static str, line: u64, column: &'static str, wanted: &'static str, value: String },
    #[error("{table}, line {line}: {what} \"{id}\" was given before")]
    Twice { table: &'static str, line: u64, what: &'static str, id: String },
}

type Result<T> = std::result::Result<T, TableError>;

/// Names of users and devices by number, and where cases and customers lie.
#[derive(Debug, Default)]
pub struct Names {
    users: HashMap<String, u32>,
    devices: HashMap<String, u32>,
    cases: HashMap<String, usize>,
    customers: HashMap<String, usize>,
}

fn number(of: &mut HashMap<String, u32>, name: &str) -> u32 {
    if let Some(n) = of.get(name) {
        return *n;
    }
    let n = of.len() as u32;
    of.insert(name.to_owned(), n);
    n
}

/// A table row by row, with its header.
struct Table<R> {
    name: &'static str,
    reader: csv::Reader<R>,
    columns: HashMap<String, usize>,
    found: String,
    row: StringRecord,
}

impl<R: Read> Table<R> {
    fn open(name: &'static str, reader: R) -> Result<Table<R>> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(reader);
        let header = reader.headers().map_err(|source| TableError::Csv { table: name, source })?.clone();
        let columns = header
            .iter()
            .enumerate()
            .map(|(i, c)| (c.trim_start_matches('\u{feff}').to_lowercase(), i))
            .collect();
        let found = header.iter().collect::<Vec<_>>().join(", ");
        Ok(Table { name, reader, columns, found, row: StringRecord::new() })
    }

    fn needed(&self, column: &'static str) -> Result<usize> {
        self.columns.get(column).copied().ok_or_else(|| TableError::Column {
            table: self.name,
            column,
            found: self.found.clone(),
        })
    }

    fn optional(&self, column: &'static str) -> Option<usize> {
        self.columns.get(column).copied()
    }

    fn next(&mut self) -> Result<bool> {
        self.reader.read_record(&mut self.row).map_err(|source| TableError::Csv { table: self.name, source })
    }

    fn text(&self, at: Option<usize>) -> &str {
        at.and_then(|i| self.row.get(i)).unwrap_or("")
    }

    fn wrong(&self, column: &'static str, wanted: &'static str, value: &str) -> TableError {
        let line = self.row.position().map_or(0, csv::Position::line);
        TableError::Value { table: self.name, line, column, wanted, value: value.to_owned() }
    }

    fn decimal(&self, at: Option<usize>, column: &'static str) -> Result<Option<f64>> {
        match self.text(at) {
            "" | "nan" | "NaN" | "None" | "null" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(v) if v.is_finite() => Ok(Some(v)),
                Ok(_) => Ok(None),
                Err(_) => Err(self.wrong(column, "a number", text)),
            },
        }
    }

    /// Unix seconds, Unix milliseconds, or ISO 8601 (UTC without a zone); as milliseconds.
    fn time(&self, at: Option<usize>, column: &'static str) -> Result<Option<i64>> {
        let text = self.text(at);
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(v) = text.parse::<f64>() {
            let ms = if v.abs() > 1e11 { v } else { v * 1000.0 };
            return Ok(Some(ms.round() as i64));
        }
        let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp())
        });
        let instant = instant.ok_or_else(|| self.wrong(column, "a time (Unix seconds or ISO 8601)", text))?;
        Ok(Some(instant.as_millisecond()))
    }

    fn place(&self, lat: Option<usize>, lon: Option<usize>) -> Result<Option<LngLat>> {
        let (lat, lon) = (self.decimal(lat, "lat")?, self.decimal(lon, "lon")?);
        let (Some(lat), Some(lon)) = (lat, lon) else { return Ok(None) };
        LngLat::new(lon, lat)
            .map(Some)
            .map_err(|_| self.wrong("lat", "a place on earth", &format!("{lat},{lon}")))
    }
}

/// Reads `points.csv`: case, user, ts, lat, lon; optional recv_ts, acc, speed, bearing, device, mock. Rows without a
/// place are left out.
pub fn read_points(reader: impl Read, company: &mut Company, names: &mut Names) -> Result<()> {
    let mut t = Table::open("points.csv", reader)?;
    let (case, ts) = (t.needed("case")?, t.needed("ts")?);
    let (lat, lon) = (t.needed("lat")?, t.needed("lon")?);
    let user = t.optional("user");
    let [recv, acc, speed, bearing, device, mock] =
        ["recv_ts", "acc", "speed", "bearing", "device", "mock"].map(|c| t.optional(c));
    let mut last: Option<(String, usize)> = None;
    while t.next()? {
        let id = t.text(Some(case));
        if id.is_empty() {
            return Err(t.wrong("case", "the name of a person-day", id));
        }
        let k = match &last {
            Some((name, k)) if name == id => *k,
            _ => {
                let k = case_of(company, names, id, t.text(user));
                last = Some((id.to_owned(), k));
                k
            }
        };
        let Some(t_ms) = t.time(Some(ts), "ts")? else { continue };
        let Some(at) = t.place(Some(lat), Some(lon))? else { continue };
        let device = match t.text(device) {
            "" => None,
            name => Some(number(&mut names.devices, name)),
        };
        company.cases[k].fixes.push(Fix {
            t_ms,
            recv_ms: t.time(recv, "recv_ts")?,
            at,
            acc_m: t.decimal(acc, "acc")?.filter(|a| *a > 0.0).map(|a| a as f32),
            speed_mps: t.decimal(speed, "speed")?.filter(|v| *v >= 0.0).map(|v| v as f32),
            bearing_deg: t.decimal(bearing, "bearing")?.filter(|b| *b >= 0.0).map(|b| b as f32),
            device,
            mock: matches!(t.text(mock), "1" | "true" | "True" | "TRUE"),
        });
    }
    Ok(())
}

fn case_of(company: &mut Company, names: &mut Names, id: &str, user: &str) -> usize {
    if let Some(k) = names.cases.get(id) {
        return *k;
    }
    let user = number(&mut names.users, if user.is_empty() { id } else { user });
    company.cases.push(Case { id: id.to_owned(), user, fixes: vec![] });
    names.cases.insert(id.to_owned(), company.cases.len() - 1);
    company.cases.len() - 1
}

/// Reads `customers.csv`: customer, lat, lon; optional radius (150 m when missing).
pub fn read_customers(reader: impl Read, company: &mut Company, names: &mut Names) -> Result<()> {
    let mut t = Table::open("customers.csv", reader)?;
    let (id, lat, lon) = (t.needed("customer")?, t.needed("lat")?, t.needed("lon")?);
    let radius = t.optional("radius");
    while t.next()? {
        let Some(at) = t.place(Some(lat), Some(lon))? else { continue };
        let radius_m = t.decimal(radius, "radius")?.filter(|r| *r > 0.0).unwrap_or(150.0);
        let name = t.text(Some(id)).to_owned();
        if names.customers.insert(name.clone(), company.customers.len()).is_some() {
            let line = t.row.position().map_or(0, csv::Position::line);
            return Err(TableError::Twice { table: t.name, line, what: "customer", id: name });
        }
        company.customers.push(Customer { at, radius_m });
    }
    Ok(())
}

/// Reads `visits.csv`: visit, case, in_ts; optional user, customer, out_ts, lat, lon, acc. A customer that is not in
/// `customers.csv` has an unknown place.
pub fn read_visits(reader: impl Read, company: &mut Company, names: &mut Names) -> Result<()> {
    let mut t = Table::open("visits.csv", reader)?;
    let (id, case, from) = (t.needed("visit")?, t.needed("case")?, t.needed("in_ts")?);
    let [user, customer, to, lat, lon, acc] =
        ["user", "customer", "out_ts", "lat", "lon", "acc"].map(|c| t.optional(c));
    while t.next()? {
        let Some(in_ms) = t.time(Some(from), "in_ts")? else {
            return Err(t.wrong("in_ts", "a time", ""));
        };
        let k = match t.text(Some(case)) {
            "" => None,
            name => Some(case_of(company, names, name, t.text(user))),
        };
        let user = match t.text(user) {
            "" => k.map_or(u32::MAX, |k| company.cases[k].user),
            name => number(&mut names.users, name),
        };
        company.claims.push(Claim {
            id: t.text(Some(id)).to_owned(),
            case: k,
            user,
            customer: names.customers.get(t.text(customer)).copied(),
            in_ms,
            out_ms: t.time(to, "out_ts")?,
            at: t.place(lat, lon)?,
            acc_m: t.decimal(acc, "acc")?.map(|a| a as f32),
        });
    }
    Ok(())
}

/// Reads `events.csv`: ts, user, kind; optional customer, lat, lon. Kinds other than `customer_moved` are ignored.
pub fn read_events(reader: impl Read, company: &mut Company, names: &mut Names) -> Result<()> {
    let mut t = Table::open("events.csv", reader)?;
    let (ts, user, kind) = (t.needed("ts")?, t.needed("user")?, t.needed("kind")?);
    let [customer, lat, lon] = ["customer", "lat", "lon"].map(|c| t.optional(c));
    while t.next()? {
        if t.text(Some(kind)) != "customer_moved" {
            continue;
        }
        let Some(&customer) = names.customers.get(t.text(customer)) else { continue };
        let Some(t_ms) = t.time(Some(ts), "ts")? else { continue };
        let user = number(&mut names.users, t.text(Some(user)));
        company.edits.push(Edit { t_ms, user, customer, to: t.place(lat, lon)? });
    }
    Ok(())
}

/// Writes `key,score,findings`, findings as `CODE:weight;…`, strongest first.
///
/// # Errors
/// When the writer fails.
pub fn write_rows<'a>(
    writer: impl Write,
    key: &str,
    rows: impl Iterator<Item = (&'a str, &'a Assessment)>,
) -> std::result::Result<(), csv::Error> {
    let mut out = csv::Writer::from_writer(writer);
    out.write_record([key, "score", "findings"])?;
    for (id, a) in rows {
        let findings: Vec<String> = a
            .findings
            .iter()
            .filter(|f| f.weight > 0.0)
            .map(|f| format!("{}:{:.2}", f.code.key(), f.weight))
            .collect();
        out.write_record([id, &format!("{:.4}", a.score), &findings.join(";")])?;
    }
    out.flush()?;
    Ok(())
}
