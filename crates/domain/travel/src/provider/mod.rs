//! Providers on the network: what is asked of each and how its answer is read. Pure; the calls themselves are
//! made in [`crate::client`].

mod amap;
mod baidu;
mod osrm;
mod valhalla;

use geo::LngLat;
use serde_json::Value;

use crate::setting::Provider;

/// Seconds and metres; `None`: no way.
pub type Cell = Option<(i64, i64)>;

/// One request. Its answer fills the cells from each of `from` to each of `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    /// Posted as JSON; absent: a GET.
    pub body: Option<Value>,
    pub from: Vec<usize>,
    pub to: Vec<usize>,
    /// What the provider counts it as.
    pub units: i64,
}

/// Why a provider gave no times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No answer in time, or none that can be read.
    Unreachable,
    /// The provider's limit of the day or the company's own is used up.
    Quota,
    /// More questions a second than the provider allows, or it has too much to do: the same may be asked again.
    Busy,
    /// The key is missing, wrong or not allowed to do this.
    Key,
    /// The provider understood and declined.
    Refused,
    /// More places than one question may hold.
    TooMany,
    /// No map file, or none for this way of getting about.
    NoMap,
    /// A place lies too far from the streets of the map.
    OffMap,
}

impl Fault {
    pub fn word(self) -> &'static str {
        match self {
            Fault::Unreachable => "unreachable",
            Fault::Quota => "quota",
            Fault::Busy => "busy",
            Fault::Key => "key",
            Fault::Refused => "refused",
            Fault::TooMany => "too_many",
            Fault::NoMap => "no_map",
            Fault::OffMap => "off_map",
        }
    }
}

/// The calls that fill the wanted cells (row from, column to) of a table between `points`.
pub fn calls(
    provider: Provider,
    profile: roads::Profile,
    key: &str,
    points: &[LngLat],
    wanted: &dyn Fn(usize, usize) -> bool,
) -> Vec<Call> {
    let all: Vec<usize> = (0..points.len()).collect();
    match provider {
        Provider::Osrm => vec![osrm::table(profile, points, all)],
        Provider::Valhalla => vec![valhalla::table(profile, points, all)],
        Provider::Amap => to_one(points.len(), amap::ORIGINS, wanted)
            .map(|(from, to)| amap::call(profile, key, points, from, to))
            .collect(),
        Provider::Baidu => to_one(points.len(), baidu::PAIRS, wanted)
            .map(|(from, to)| baidu::call(profile, key, points, from, to))
            .collect(),
        Provider::StraightLine | Provider::OwnMap => vec![],
    }
}

/// Reads an answer: cells row by row as the call asked.
///
/// # Errors
/// What the provider says stands against it.
pub fn answer(provider: Provider, call: &Call, body: &Value) -> Result<Vec<Cell>, Fault> {
    let cells = match provider {
        Provider::Osrm => osrm::answer(body)?,
        Provider::Valhalla => valhalla::answer(body)?,
        Provider::Amap => amap::answer(body, call.from.len())?,
        Provider::Baidu => baidu::answer(body)?,
        Provider::StraightLine | Provider::OwnMap => return Err(Fault::Refused),
    };
    if cells.len() == call.from.len() * call.to.len() { Ok(cells) } else { Err(Fault::Unreachable) }
}

/// Many origins to one destination at a time, at most `limit` of them.
fn to_one<'a>(
    size: usize,
    limit: usize,
    wanted: &'a dyn Fn(usize, usize) -> bool,
) -> impl Iterator<Item = (Vec<usize>, usize)> + 'a {
    (0..size).flat_map(move |to| {
        let from: Vec<usize> = (0..size).filter(|&from| from != to && wanted(from, to)).collect();
        from.chunks(limit).map(|part| (part.to_vec(), to)).collect::<Vec<_>>()
    })
}

/// A number that may be written as text.
fn whole(value: &Value) -> Option<i64> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    number.is_finite().then(|| number.round() as i64)
}

fn rows<'a>(value: &'a Value) -> impl Iterator<Item = &'a Value> + 'a {
    let rows = value.as_array().map_or(&[][..], Vec::as_slice);
    rows.iter().flat_map(|row| row.as_array().map_or(&[][..], Vec::as_slice))
}
