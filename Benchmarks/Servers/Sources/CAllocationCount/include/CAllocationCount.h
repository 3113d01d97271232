#pragma once
#include <stdint.h>

/// How often memory was allocated since the process began; 0 where that is not counted.
uint64_t allocation_count(void);
