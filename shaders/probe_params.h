/* The params of probe.comp. Read by C and by GLSL. */
#ifndef RLSP_SHADERS_PROBE_PARAMS_H
#define RLSP_SHADERS_PROBE_PARAMS_H

#include "shaders/params.h"

/* result[i] = the operation of cases[i][0..2] (probe_cases.h), i < count; a multiple of PROBE_GROUP. */
PARAMS(probe_params) {
  ADDRESS(U32, cases) /* [count][3] */ ADDRESS(U32, result) UINT(count) UINT(operation)
};

#endif
