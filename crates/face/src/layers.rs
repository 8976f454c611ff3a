//! What the nets are made of. A tensor is rows × columns × channels, weights lie as in TensorFlow.

use crate::weights::{BadWeights, Weights};

/// Values of one picture between two layers.
#[derive(Clone)]
pub struct Tensor {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    pub values: Vec<f32>,
}

/// How far a window goes over the edge.
#[derive(Clone, Copy)]
pub enum Pad {
    /// Not at all.
    Valid,
    /// As TensorFlow's *same*: what is odd goes right and below.
    Same,
    /// One on every side.
    One,
}

impl Pad {
    /// Places in the answer, and what lies before the first.
    fn places(self, size: usize, window: usize, stride: usize) -> (usize, usize) {
        match self {
            Pad::Valid => ((size - window) / stride + 1, 0),
            Pad::One => ((size + 2 - window) / stride + 1, 1),
            Pad::Same => {
                let places = size.div_ceil(stride);
                let over = ((places - 1) * stride + window).saturating_sub(size);
                (places, over / 2)
            }
        }
    }
}

impl Tensor {
    pub fn zeros(height: usize, width: usize, channels: usize) -> Tensor {
        Tensor { height, width, channels, values: vec![0.0; height * width * channels] }
    }

    fn at(&self, y: usize, x: usize) -> &[f32] {
        let from = (y * self.width + x) * self.channels;
        &self.values[from..from + self.channels]
    }

    pub fn relu(mut self) -> Tensor {
        self.values.iter_mut().for_each(|v| *v = v.max(0.0));
        self
    }

    /// The leaky one of YOLO.
    pub fn leaky(mut self) -> Tensor {
        self.values.iter_mut().for_each(|v| *v = if *v < 0.0 { *v * 0.1 } else { *v });
        self
    }

    pub fn plus(mut self, other: &Tensor) -> Tensor {
        self.values.iter_mut().zip(&other.values).for_each(|(a, b)| *a += b);
        self
    }

    fn windows(
        &self,
        window: usize,
        stride: usize,
        pad: Pad,
        mut each: impl FnMut(&mut [f32], &mut dyn Iterator<Item = (usize, &[f32])>),
    ) -> Tensor {
        let (rows, top) = pad.places(self.height, window, stride);
        let (columns, left) = pad.places(self.width, window, stride);
        let mut out = Tensor::zeros(rows, columns, self.channels);
        for (n, place) in out.values.chunks_exact_mut(self.channels).enumerate() {
            let (oy, ox) = (n / columns * stride, n % columns * stride);
            let mut inside = (0..window * window).filter_map(|k| {
                let y = (oy + k / window).checked_sub(top).filter(|y| *y < self.height)?;
                let x = (ox + k % window).checked_sub(left).filter(|x| *x < self.width)?;
                Some((k, self.at(y, x)))
            });
            each(place, &mut inside);
        }
        out
    }

    pub fn max_pool(&self, window: usize, stride: usize, pad: Pad) -> Tensor {
        self.windows(window, stride, pad, |place, inside| {
            place.fill(f32::NEG_INFINITY);
            for (_, values) in inside {
                place.iter_mut().zip(values).for_each(|(p, v)| *p = p.max(*v));
            }
        })
    }

    pub fn mean_pool(&self, window: usize, stride: usize) -> Tensor {
        let share = 1.0 / (window * window) as f32;
        self.windows(window, stride, Pad::Valid, |place, inside| {
            for (_, values) in inside {
                place.iter_mut().zip(values).for_each(|(p, v)| *p += v * share);
            }
        })
    }

    /// The mean of each channel.
    pub fn mean(&self) -> Vec<f32> {
        let share = 1.0 / (self.height * self.width) as f32;
        let mut sum = vec![0.0; self.channels];
        for values in self.values.chunks_exact(self.channels) {
            sum.iter_mut().zip(values).for_each(|(s, v)| *s += v * share);
        }
        sum
    }

    /// With zeros behind: more rows and columns, or more channels.
    pub fn widened(&self, height: usize, width: usize, channels: usize) -> Tensor {
        let mut out = Tensor::zeros(height, width, channels);
        for y in 0..self.height.min(height) {
            for x in 0..self.width.min(width) {
                let from = (y * width + x) * channels;
                out.values[from..from + self.channels].copy_from_slice(self.at(y, x));
            }
        }
        out
    }
}

/// A full convolution.
pub struct Conv {
    window: usize,
    inputs: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Conv {
    pub fn new(window: usize, inputs: usize, weights: Vec<f32>, bias: Vec<f32>) -> Conv {
        Conv { window, inputs, weights, bias }
    }

    pub fn read(
        w: &mut Weights,
        at: &str,
        window: usize,
        inputs: usize,
        outputs: usize,
    ) -> Result<Conv, BadWeights> {
        Ok(Conv::new(
            window,
            inputs,
            w.take(&format!("{at}/filters"), &[window, window, inputs, outputs])?,
            w.take(&format!("{at}/bias"), &[outputs])?,
        ))
    }

    pub fn run(&self, x: &Tensor, stride: usize, pad: Pad) -> Tensor {
        let (rows, top) = pad.places(x.height, self.window, stride);
        let (columns, left) = pad.places(x.width, self.window, stride);
        let mut out = Tensor::zeros(rows, columns, self.bias.len());
        if self.window == 1 && stride == 1 {
            product(&x.values, &self.weights, &self.bias, self.inputs, &mut out.values);
            return out;
        }
        // A row of places at a time: what lies under each window side by side, then one product.
        let depth = self.window * self.window * self.inputs;
        let mut under = vec![0.0; columns * depth];
        for oy in 0..rows {
            under.fill(0.0);
            for ox in 0..columns {
                for ky in 0..self.window {
                    let Some(y) = (oy * stride + ky).checked_sub(top).filter(|y| *y < x.height) else {
                        continue;
                    };
                    for kx in 0..self.window {
                        let Some(xx) = (ox * stride + kx).checked_sub(left).filter(|x_| *x_ < x.width) else {
                            continue;
                        };
                        let to = ox * depth + (ky * self.window + kx) * self.inputs;
                        under[to..to + self.inputs].copy_from_slice(x.at(y, xx));
                    }
                }
            }
            let line = columns * self.bias.len();
            product(&under, &self.weights, &self.bias, depth, &mut out.values[oy * line..(oy + 1) * line]);
        }
        out
    }
}

/// A convolution by channel, then one across channels.
pub struct Separable {
    depthwise: Vec<f32>,
    pointwise: Conv,
}

impl Separable {
    pub fn read(w: &mut Weights, at: &str, inputs: usize, outputs: usize) -> Result<Separable, BadWeights> {
        Ok(Separable {
            depthwise: w.take(&format!("{at}/depthwise_filter"), &[3, 3, inputs, 1])?,
            pointwise: Conv::new(
                1,
                inputs,
                w.take(&format!("{at}/pointwise_filter"), &[1, 1, inputs, outputs])?,
                w.take(&format!("{at}/bias"), &[outputs])?,
            ),
        })
    }

    pub fn run(&self, x: &Tensor, stride: usize, pad: Pad) -> Tensor {
        let deep = x.windows(3, stride, pad, |place, inside| {
            for (k, values) in inside {
                let filter = &self.depthwise[k * x.channels..(k + 1) * x.channels];
                for ((p, v), f) in place.iter_mut().zip(values).zip(filter) {
                    *p += v * f;
                }
            }
        });
        self.pointwise.run(&deep, 1, Pad::Valid)
    }
}

/// Rows of `depth` values times `depth` × outputs, plus the bias. Four rows and eight columns are kept in registers.
pub fn product(rows: &[f32], weights: &[f32], bias: &[f32], depth: usize, out: &mut [f32]) {
    const HIGH: usize = 4;
    const WIDE: usize = 8;
    let n = bias.len();
    for (rows, out) in rows.chunks(depth * HIGH).zip(out.chunks_mut(n * HIGH)) {
        let high = rows.len() / depth;
        for from in (0..n).step_by(WIDE) {
            let wide = WIDE.min(n - from);
            let mut sums = [[0.0f32; WIDE]; HIGH];
            if high == HIGH && wide == WIDE {
                let (a, rest) = rows.split_at(depth);
                let (b, rest) = rest.split_at(depth);
                let (c, d) = rest.split_at(depth);
                for (k, line) in weights.chunks_exact(n).enumerate() {
                    let line = &line[from..from + WIDE];
                    let [va, vb, vc, vd] = [a[k], b[k], c[k], d[k]];
                    for (i, w) in line.iter().enumerate() {
                        sums[0][i] += va * w;
                        sums[1][i] += vb * w;
                        sums[2][i] += vc * w;
                        sums[3][i] += vd * w;
                    }
                }
            } else {
                for (row, sums) in rows.chunks_exact(depth).zip(&mut sums) {
                    for (v, line) in row.iter().zip(weights.chunks_exact(n)) {
                        for (s, w) in sums.iter_mut().zip(&line[from..from + wide]) {
                            *s += v * w;
                        }
                    }
                }
            }
            for (row, sums) in out.chunks_exact_mut(n).zip(&sums) {
                for ((o, s), b) in row[from..from + wide].iter_mut().zip(sums).zip(&bias[from..]) {
                    *o = s + b;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_any_size_is_the_plain_one() {
        for (rows, depth, n) in [(1, 3, 5), (4, 7, 8), (9, 2, 25), (6, 11, 16)] {
            let a: Vec<f32> = (0..rows * depth).map(|v| (v * 7 % 13) as f32 - 6.0).collect();
            let w: Vec<f32> = (0..depth * n).map(|v| (v * 5 % 11) as f32 - 5.0).collect();
            let bias: Vec<f32> = (0..n).map(|v| v as f32).collect();
            let mut out = vec![0.0; rows * n];
            product(&a, &w, &bias, depth, &mut out);
            for r in 0..rows {
                for c in 0..n {
                    let plain: f32 = (0..depth).map(|k| a[r * depth + k] * w[k * n + c]).sum();
                    assert_eq!(out[r * n + c], plain + bias[c], "{rows}x{depth}x{n} at {r},{c}");
                }
            }
        }
    }

    #[test]
    fn padding_is_that_of_tensorflow() {
        assert_eq!(Pad::Same.places(112, 3, 2), (56, 0), "the odd one goes below");
        assert_eq!(Pad::Same.places(10, 2, 1), (10, 0));
        assert_eq!(Pad::Same.places(159, 2, 2), (80, 0));
        assert_eq!(Pad::Same.places(7, 3, 1), (7, 1));
        assert_eq!(Pad::Valid.places(150, 7, 2), (72, 0));
        assert_eq!(Pad::One.places(10, 3, 1), (10, 1));
    }
}
