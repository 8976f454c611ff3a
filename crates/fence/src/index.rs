//! Which shapes are near: an R-tree over their bounds in degrees.

use geo::LngLat;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use crate::Shape;

type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// An index over shapes by their place in a list.
#[derive(Debug, Clone, Default)]
pub struct Index(RTree<Entry>);

impl Index {
    /// Over all of them; answers name them by their position in this order.
    pub fn new<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Index {
        let entries = shapes.into_iter().enumerate().flat_map(|(i, shape)| {
            shape
                .bounds(0.0)
                .into_iter()
                .flat_map(parts)
                .map(move |[w, s, e, n]| Entry::new(Rectangle::from_corners([w, s], [e, n]), i))
        });
        Index(RTree::bulk_load(entries.collect()))
    }

    /// Those that may touch the rectangle round these places with a margin in metres, in order, each once.
    pub fn near(&self, places: &[LngLat], margin_m: f64) -> Vec<usize> {
        let mut found: Vec<usize> = match places {
            [] => vec![],
            [at] => self.within(Shape::Circle { at: *at, radius_m: 0.0 }.bounds(margin_m)),
            line => self.within(Shape::Corridor { line: line.to_vec(), width_m: 0.0 }.bounds(margin_m)),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    fn within(&self, bounds: Option<[f64; 4]>) -> Vec<usize> {
        bounds
            .into_iter()
            .flat_map(parts)
            .flat_map(|[w, s, e, n]| {
                self.0.locate_in_envelope_intersecting(AABB::from_corners([w, s], [e, n]))
            })
            .map(|entry| entry.data)
            .collect()
    }

    pub fn len(&self) -> usize {
        self.0.size()
    }

    pub fn is_empty(&self) -> bool {
        self.0.size() == 0
    }
}

/// Bounds cut at the antimeridian.
fn parts([w, s, e, n]: [f64; 4]) -> impl Iterator<Item = [f64; 4]> {
    let whole = (e <= 180.0).then_some([w, s, e, n]);
    let east = (e > 180.0).then_some([w, s, 180.0, n]);
    let west = (e > 180.0).then_some([-180.0, s, e - 360.0, n]);
    [whole, east, west].into_iter().flatten()
}
