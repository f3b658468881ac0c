# Read by CMake when llama.cpp's own project begins: nothing but the library is built.
foreach(part COMMON TOOLS TESTS EXAMPLES SERVER APP)
  set(LLAMA_BUILD_${part} OFF CACHE BOOL "" FORCE)
endforeach()
set(LLAMA_ALL_WARNINGS OFF CACHE BOOL "" FORCE)
set(GGML_ALL_WARNINGS OFF CACHE BOOL "" FORCE)

# Two thirds of the time go into the library around the arithmetic, which builds the graph of a model and is not what
# an answer waits for: its files are read together and optimised little.  The arithmetic (ggml) keeps what it has.
# That the files may be read together is known of this version, and of GCC; other compilers bring other headers.
function(compile_soon)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR WIN32)
    return()
  endif()
  target_compile_options(llama PRIVATE -O1)
  get_target_property(folder llama SOURCE_DIR)
  get_target_property(files llama SOURCES)
  list(FILTER files INCLUDE REGEX "\\.cpp$")
  list(TRANSFORM files PREPEND "${folder}/" REGEX "^[^/]")
  set_source_files_properties(${files} TARGET_DIRECTORY llama PROPERTIES SKIP_UNITY_BUILD_INCLUSION OFF)
endfunction()
cmake_language(DEFER CALL compile_soon)
