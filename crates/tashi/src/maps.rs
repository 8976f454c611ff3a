//! Road maps on the command line: import an extract, print a table or a way.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use geo::LngLat;
use roads::{Extract, Network, Place, Profile, RoadMap, Table};
use serde::Deserialize;
use serde_json::{Value, json};

/// Farther than this from any street nobody is brought onto it, metres.
const REACH_M: f64 = 5_000.0;

#[derive(Subcommand)]
pub enum MapCommand {
    /// Make a road map of an OpenStreetMap extract (.osm.pbf).
    Import {
        file: PathBuf,
        /// Where the map goes; beside the extract, ending in .roads, if not given.
        #[arg(long)]
        out: Option<PathBuf>,
        /// For whom: car, ebike, foot.
        #[arg(long, value_delimiter = ',', default_value = "car,ebike,foot")]
        profiles: Vec<String>,
    },
}

#[derive(Args)]
pub struct MatrixOptions {
    /// A map made by `tashi map import`.
    #[arg(long)]
    map: PathBuf,
    /// JSON: a list of [longitude, latitude] in WGS-84, or {"points": […]}.
    #[arg(long)]
    points: PathBuf,
    #[arg(long, default_value = "car")]
    profile: String,
}

#[derive(Args)]
pub struct PathOptions {
    #[arg(long)]
    map: PathBuf,
    /// longitude,latitude in WGS-84.
    #[arg(long, allow_hyphen_values = true)]
    from: String,
    #[arg(long, allow_hyphen_values = true)]
    to: String,
    #[arg(long, default_value = "car")]
    profile: String,
}

impl MapCommand {
    pub fn run(self) -> Result<()> {
        let MapCommand::Import { file, out, profiles } = self;
        let profiles = profiles.iter().map(|p| profile(p)).collect::<Result<Vec<_>>>()?;
        let out = out.unwrap_or_else(|| beside(&file));
        let extract = Extract::read(|| std::fs::File::open(&file).map(std::io::BufReader::new), &profiles)
            .with_context(|| format!("reading {}", file.display()))?;
        eprintln!(
            "{} ways, {} turn restrictions ({} of a kind that is not applied)",
            extract.ways(),
            extract.restrictions(),
            extract.left_out
        );
        let streets: Vec<_> = profiles.iter().map(|p| (*p, extract.streets(*p))).collect();
        drop(extract);
        let map = RoadMap::build(streets.iter().map(|(p, s)| (*p, s)));
        for network in profiles.iter().filter_map(|p| map.network(*p)) {
            eprintln!("{}: {} pieces of street", network.profile.word(), network.pieces());
        }
        std::fs::write(&out, map.bytes()).with_context(|| format!("writing {}", out.display()))?;
        println!("{}", out.display());
        Ok(())
    }
}

/// `city.osm.pbf` → `city.roads`.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().map_or_else(|| "map".into(), |n| n.to_string_lossy().into_owned());
    let stem = name.strip_suffix(".osm.pbf").or(name.strip_suffix(".pbf")).unwrap_or(&name);
    file.with_file_name(format!("{stem}.roads"))
}

fn profile(word: &str) -> Result<Profile> {
    Profile::from_word(word).with_context(|| format!("{word} is none of car, ebike, foot"))
}

/// Reads a map file.
pub fn open(file: &Path) -> Result<RoadMap> {
    let inner = || -> Result<RoadMap> {
        let length = std::fs::metadata(file)?.len();
        Ok(RoadMap::read(std::fs::File::open(file)?, usize::try_from(length)?)??)
    };
    inner().with_context(|| format!("reading {}", file.display()))
}

fn network<'a>(map: &'a RoadMap, word: &str) -> Result<Network<'a>> {
    map.network(profile(word)?).with_context(|| format!("the map was not imported for {word}"))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Points {
    List(Vec<LngLat>),
    Named { points: Vec<LngLat> },
}

impl MatrixOptions {
    /// Prints `{"durations", "distances"}` like OSRM's table service: seconds and metres to a tenth, `null`
    /// where there is no way.
    pub fn run(self) -> Result<()> {
        let text = std::fs::read_to_string(&self.points)
            .with_context(|| format!("reading {}", self.points.display()))?;
        let (Points::List(points) | Points::Named { points }) =
            serde_json::from_str(&text).context("points must be a list of [longitude, latitude]")?;
        let map = open(&self.map)?;
        let network = network(&map, &self.profile)?;
        let places: Vec<Option<Place>> = points.iter().map(|p| network.snap(*p, REACH_M)).collect();
        let known: Vec<Place> = places.iter().flatten().copied().collect();
        let table = network.table(&known, &known);
        // A point far from all streets keeps its row and column, empty.
        let mut number = vec![None; places.len()];
        let mut next = 0..;
        for (k, _) in places.iter().enumerate().filter(|(_, p)| p.is_some()) {
            number[k] = next.next();
        }
        let rows = |cells: &[u32], unit: f64| -> Vec<Vec<Value>> {
            let cell = |i: usize, j: usize| match (number[i], number[j]) {
                (Some(a), Some(b)) => tenth(cells[a * table.columns + b], unit),
                _ => Value::Null,
            };
            (0..places.len()).map(|i| (0..places.len()).map(|j| cell(i, j)).collect()).collect()
        };
        let answer = json!({
            "code": "Ok",
            "durations": rows(&table.duration_ms, 1_000.0),
            "distances": rows(&table.distance_cm, 100.0),
        });
        println!("{answer}");
        Ok(())
    }
}

fn tenth(value: u32, unit: f64) -> Value {
    if value == Table::NO_WAY { Value::Null } else { json!((f64::from(value) / unit * 10.0).round() / 10.0) }
}

impl PathOptions {
    /// Prints seconds, metres and the line as GeoJSON.
    pub fn run(self) -> Result<()> {
        let map = open(&self.map)?;
        let network = network(&map, &self.profile)?;
        let place = |text: &str| -> Result<Place> {
            let at = text
                .split_once(',')
                .and_then(|(lng, lat)| LngLat::new(lng.trim().parse().ok()?, lat.trim().parse().ok()?).ok())
                .with_context(|| format!("{text} is not longitude,latitude"))?;
            network.snap(at, REACH_M).with_context(|| format!("no street near {text}"))
        };
        let Some(way) = network.way(&place(&self.from)?, &place(&self.to)?) else {
            bail!("there is no way from {} to {}", self.from, self.to);
        };
        let answer = json!({
            "duration": tenth(way.duration_ms, 1_000.0),
            "distance": tenth(way.distance_cm, 100.0),
            "geometry": { "type": "LineString", "coordinates": way.line },
        });
        println!("{answer}");
        Ok(())
    }
}
