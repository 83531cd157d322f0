// The sum of a workgroup's 64 lanes in the order of row_sum_tree (engine/kernels/lanes.h): lanes l and l + 32, then 16, 8,
// 4, 2, 1 apart. Included after kernel.glsl by shaders of 64 invocations, or of more: the first 64 bring the lanes, all
// get the sum. Called in uniform control flow, as often as wanted. Two barriers instead of one a level: eight lanes add up
// their eighth of the lanes, then every lane adds up the eighths. A next call's writes wait for nobody: its lanes were
// all read before this call's second barrier, its eighths before its own first.
#define EIGHTHS 8u

shared float row_lane[GROUP_ROW_LANES], row_eighth[EIGHTHS];

float row_sum(float lane_value) {
  uint lane = gl_LocalInvocationIndex;
  if (lane < uint(GROUP_ROW_LANES)) row_lane[lane] = lane_value;
  barrier();
  if (lane < EIGHTHS) {
    P float far = row_lane[lane] + row_lane[lane + 32u];
    P float other = row_lane[lane + 16u] + row_lane[lane + 48u];
    P float even = far + other;
    far = row_lane[lane + 8u] + row_lane[lane + 40u];
    other = row_lane[lane + 24u] + row_lane[lane + 56u];
    P float odd = far + other;
    row_eighth[lane] = even + odd;
  }
  barrier();
  P float sum_0 = row_eighth[0] + row_eighth[4];
  P float sum_1 = row_eighth[1] + row_eighth[5];
  P float sum_2 = row_eighth[2] + row_eighth[6];
  P float sum_3 = row_eighth[3] + row_eighth[7];
  sum_0 = sum_0 + sum_2;
  sum_1 = sum_1 + sum_3;
  return sum_0 + sum_1;
}
