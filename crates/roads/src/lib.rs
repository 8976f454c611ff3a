//! Road networks: from an OpenStreetMap extract to travel times, distances and ways.
//!
//! A pure engine: no files, no clock. An extract becomes [`Streets`] for each [`Profile`], those become a
//! [`RoadMap`] (one buffer, which is also the file), and a [`Network`] of it answers:
//!
//! * [`Network::snap`]: a point onto the street;
//! * [`Network::table`]: all times and distances between many places;
//! * [`Network::way`]: one way with its line.
//!
//! The network is edge-based: turn restrictions, the ban on turning round, turn and signal times are exact.
//! Ways are compared by *weight* (time, with what drivers avoid counted dearer); what is answered is time and
//! distance along the way of least weight.
//!
//! ```
//! use geo::LngLat;
//! use roads::{Junction, Piece, Profile, RoadMap, Streets, Travel};
//! let p = |lng, lat| LngLat::new(lng, lat).unwrap();
//! let ends = [p(118.78, 32.04), p(118.79, 32.04)];
//! let street = Piece {
//!     from: 0,
//!     to: 1,
//!     line: ends.to_vec(),
//!     forward: Some(Travel::at(10.0)),
//!     backward: Some(Travel::at(10.0)),
//!     way: [1, 1],
//!     drawn_forward: [true, true],
//! };
//! let streets = Streets { junctions: ends.map(Junction::plain).to_vec(), pieces: vec![street], bans: vec![] };
//! let map = RoadMap::build([(Profile::Car, &streets)]);
//! let network = map.network(Profile::Car).unwrap();
//! let a = network.snap(p(118.782, 32.0401), 500.0).unwrap();
//! let b = network.snap(p(118.788, 32.0401), 500.0).unwrap();
//! let table = network.table(&[a], &[b]);
//! assert_eq!(table.duration_ms[0] / 1000, 56); // 566 m at 10 m/s
//! ```

mod build;
mod grid;
mod hierarchy;
mod map;
mod matrix;
mod osm;
mod path;
mod profile;
mod search;
mod streets;
#[cfg(test)]
mod tests;

pub use grid::Place;
pub use map::{BadMap, Network, RoadMap};
pub use matrix::Table;
pub use osm::{Extract, OsmError};
pub use path::Way;
pub use profile::{Profile, Tags, WayRule};
pub use streets::{Ban, Junction, Obstacle, ObstacleKind, Piece, Streets, Travel};
