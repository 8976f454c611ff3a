//! An invented city: streets, water, shops, people, and how they move through it all day.
//!
//! Everything is computed from a seed; nothing is read or written, and no clock is asked.

mod basemap;
mod buildings;
mod city;
mod course;
mod drive;
mod find;
mod graph;
mod mesh;
mod names;
mod path;
mod place;
mod plan;
mod shape;
mod street;
mod subdivide;
mod track;

pub use buildings::Building;
pub use city::{Block, City, Ground};
pub use drive::{DriveStyle, drive, drive_way};
pub use find::OnEdge;
pub use graph::{Edge, Node, Street};
pub use names::Name;
pub use path::{Junction, Way, WayPoint};
pub use place::{District, Place, PlaceKind};
pub use street::StreetClass;
pub use track::{Motion, Sky, TruePoint, stay_indoor, travelled_m, walk};
