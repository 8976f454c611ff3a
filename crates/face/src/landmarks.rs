//! The 68 points of a face, and what is read from them.

use crate::{
    frame::Frame,
    geometry::{Boxed, Point, middle},
    layers::{Conv, Pad, Separable, Tensor, product},
    weights::{BadWeights, File, Weights},
};

const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
const SIZE: usize = 112;
const CHANNELS: [usize; 4] = [32, 64, 128, 256];
const POINTS: usize = 68;

/// First of the four layers of a block.
enum Head {
    Conv(Conv),
    Separable(Separable),
}

struct Block {
    head: Head,
    rest: [Separable; 3],
}

impl Block {
    fn run(&self, x: &Tensor) -> Tensor {
        let first = match &self.head {
            Head::Conv(c) => c.run(x, 2, Pad::Same),
            Head::Separable(c) => c.run(x, 2, Pad::Same),
        }
        .relu();
        // Each layer sees the sum of all before it.
        let mut sum = first;
        let mut seen = sum.clone();
        for layer in &self.rest {
            sum = layer.run(&seen, 1, Pad::Same).plus(&sum);
            seen = sum.clone().relu();
        }
        seen
    }
}

pub struct Net {
    blocks: Vec<Block>,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Net {
    pub fn read(file: &File) -> Result<Net, BadWeights> {
        let mut w = Weights::read(file)?;
        let mut blocks = Vec::new();
        let mut inputs = 3;
        for (n, outputs) in CHANNELS.into_iter().enumerate() {
            let at = |k: usize| format!("dense{n}/conv{k}");
            let head = if n == 0 {
                Head::Conv(Conv::read(&mut w, &at(0), 3, inputs, outputs)?)
            } else {
                Head::Separable(Separable::read(&mut w, &at(0), inputs, outputs)?)
            };
            let rest = [
                Separable::read(&mut w, &at(1), outputs, outputs)?,
                Separable::read(&mut w, &at(2), outputs, outputs)?,
                Separable::read(&mut w, &at(3), outputs, outputs)?,
            ];
            blocks.push(Block { head, rest });
            inputs = outputs;
        }
        let weights = w.take("fc/weights", &[inputs, POINTS * 2])?;
        Ok(Net { blocks, weights, bias: w.take("fc/bias", &[POINTS * 2])? })
    }

    /// The points of a face that fills the frame.
    pub fn points(&self, face: &Frame) -> Landmarks {
        let mut x = face.squared(SIZE, true, MEAN);
        for block in &self.blocks {
            x = block.run(&x);
        }
        let x = x.mean_pool(7, 2);
        let mut out = vec![0.0; POINTS * 2];
        product(&x.values, &self.weights, &self.bias, x.values.len(), &mut out);
        // Of the square with its black edges, back to the frame.
        let (width, height) = (face.width() as f32, face.height() as f32);
        let side = width.max(height);
        let points = out
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[x, y]| Point { x: x * side - (side - width) / 2.0, y: y * side - (side - height) / 2.0 });
        Landmarks(points.collect())
    }
}

/// The points of a face in pixels of its frame. *Left* and *right* are those of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmarks(Vec<Point>);

impl Landmarks {
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    pub(crate) fn shifted(mut self, by: Point) -> Landmarks {
        self.0.iter_mut().for_each(|p| *p = Point { x: p.x + by.x, y: p.y + by.y });
        self
    }

    /// Where the tip of the nose is between the two edges of the jaw: -1 left in the picture, 0 straight ahead, 1 right.
    pub fn yaw(&self) -> f32 {
        let (left, right, nose) = (self.0[0].x, self.0[16].x, self.0[30].x);
        let wide = (right - left).max(f32::EPSILON);
        ((nose - left) / wide * 2.0 - 1.0).clamp(-1.0, 1.0)
    }

    /// The box the recognition net was trained with: eyes and mouth always at the same place in it.
    pub(crate) fn aligned(&self, width: usize, height: usize) -> Boxed {
        let eyes = [middle(&self.0[36..42]), middle(&self.0[42..48])];
        let mouth = middle(&self.0[48..68]);
        let reach = f32::midpoint(mouth.distance(eyes[0]), mouth.distance(eyes[1]));
        let size = (reach / 0.45).floor();
        let centre = middle(&[eyes[0], eyes[1], mouth]);
        let x = (centre.x - 0.5 * size).max(0.0).floor();
        let y = (centre.y - 0.43 * size).max(0.0).floor();
        Boxed { x, y, width: size.min(width as f32 + x), height: size.min(height as f32 + y) }
    }
}
